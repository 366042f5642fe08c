package io.scwatcher.os.time;

import static io.scwatcher.os.abi.Signal.SIGALRM;
import static io.scwatcher.os.abi.Signal.SIGKILL;
import static io.scwatcher.os.abi.Signal.SIGPROF;
import static io.scwatcher.os.abi.Signal.SIGVTALRM;
import static io.scwatcher.os.abi.Signal.SIGXCPU;

import io.scwatcher.os.signal.SignalInfo;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.task.GroupExit;
import io.scwatcher.os.task.ResourceLimits;
import io.scwatcher.os.task.ThreadGroup;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** A process's interval timers, POSIX timers and limit of processor time: kernel/time/itimer.c, posix-timers.c, posix-cpu-timers.c (6.12). */
public final class ProcessTimers {
    static final int REAL = 0, VIRTUAL = 1, PROF = 2;

    /** No process needs more. */
    static final int MAX_TIMERS = 4096;

    private final ThreadGroup group;
    private final Interval[] intervals = new Interval[3];
    private final Map<Integer, PosixTimer> posix = new TreeMap<>();
    private int nextId;
    private long nextCpuWarning;

    /** Times in nanoseconds: of the real clock, or of the process's own processor time. */
    private static final class Interval {
        long expiry;
        long period;
        Timers.Pending pending;
    }

    public ProcessTimers(ThreadGroup group) {
        this.group = group;
    }

    /** {period, remaining} of an interval timer; 0 remaining if it is not armed. */
    synchronized long[] get(int which) {
        Interval timer = intervals[which];
        return timer == null ? new long[2] : new long[] {timer.period, Math.max(1, timer.expiry - now(which))};
    }

    /** Arms an interval timer, or disarms it with 0. @return what it was, as {@link #get} */
    synchronized long[] set(int which, long period, long value) {
        long[] old = get(which);
        if (intervals[which] != null && intervals[which].pending != null) {
            intervals[which].pending.cancel();
        }
        intervals[which] = null;
        if (value != 0) {
            Interval timer = new Interval();
            timer.expiry = now(which) + Math.min(value, Long.MAX_VALUE / 4);
            timer.period = period;
            intervals[which] = timer;
            if (which == REAL) {
                timer.pending = group.layer().timers().at(timer.expiry, () -> fire(timer));
            }
        }
        return old;
    }

    private long now(int which) {
        return switch (which) {
            case REAL -> System.nanoTime();
            case VIRTUAL -> group.userNanos();
            default -> group.userNanos() + group.systemNanos();
        };
    }

    private void fire(Interval timer) {
        synchronized (this) {
            if (intervals[REAL] != timer) {
                return;
            }
            if (timer.period == 0) {
                intervals[REAL] = null;
            } else {
                timer.expiry = Math.max(timer.expiry + timer.period, System.nanoTime() + Timers.SHORTEST_PERIOD);
                timer.pending = group.layer().timers().at(timer.expiry, () -> fire(timer));
            }
        }
        Signals.toGroup(group, SignalInfo.kernel(SIGALRM));
    }

    /** Looks at everything that depends on processor time. Called by the ticker, for a process that runs. */
    public void tick() {
        checkCpu(VIRTUAL, SIGVTALRM);
        checkCpu(PROF, SIGPROF);
        long soft = group.limits().soft(ResourceLimits.CPU);
        if (soft != ResourceLimits.INFINITY) {
            checkLimit(soft, group.limits().hard(ResourceLimits.CPU));
        }
    }

    private void checkCpu(int which, int signal) {
        synchronized (this) {
            Interval timer = intervals[which];
            if (timer == null || now(which) < timer.expiry) {
                return;
            }
            if (timer.period == 0) {
                intervals[which] = null;
            } else {
                timer.expiry = now(which) + timer.period;
            }
        }
        Signals.toGroup(group, SignalInfo.kernel(signal));
    }

    /** RLIMIT_CPU: SIGXCPU each second from the soft limit on, SIGKILL at the hard one. */
    private void checkLimit(long soft, long hard) {
        long seconds = now(PROF) / 1_000_000_000;
        if (hard != ResourceLimits.INFINITY && seconds >= hard) {
            GroupExit.begin(group, SIGKILL);
        } else if (seconds >= Math.max(soft, nextCpuWarning)) {
            nextCpuWarning = seconds + 1;
            Signals.toGroup(group, SignalInfo.kernel(SIGXCPU));
        }
    }

    // POSIX timers

    synchronized int create(int clock, int signal, long value, int notify, int thread) {
        int id = nextId++;
        posix.put(id, new PosixTimer(group, id, clock, signal, value, notify, thread));
        return id;
    }

    /** The ID that the next timer gets. */
    synchronized int nextId() {
        return nextId;
    }

    synchronized PosixTimer find(int id) {
        return posix.get(id);
    }

    synchronized int count() {
        return posix.size();
    }

    synchronized boolean delete(int id) {
        PosixTimer timer = posix.remove(id);
        if (timer != null) {
            timer.set(0, 0);
        }
        return timer != null;
    }

    /** execve(2) has none. */
    public synchronized void deletePosixTimers() {
        posix.values().forEach(timer -> timer.set(0, 0));
        posix.clear();
    }

    /** The process ended. */
    public synchronized void cancelAll() {
        if (intervals[REAL] != null) {
            intervals[REAL].pending.cancel();
        }
        Arrays.fill(intervals, null);
        deletePosixTimers();
    }
}
