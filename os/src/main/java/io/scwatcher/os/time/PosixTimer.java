package io.scwatcher.os.time;

import io.scwatcher.os.signal.SignalInfo;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.task.ThreadGroup;

/** timer_create(2). Processor-time clocks are looked at when they could have expired. */
final class PosixTimer {
    static final int SIGEV_SIGNAL = 0, SIGEV_NONE = 1, SIGEV_THREAD_ID = 4;

    private final ThreadGroup group;
    private final int id;
    private final int clock;
    private final int signal;
    private final long value;
    private final int notify;
    private final int thread;
    private long expiry;
    private long period;
    private int overrun;
    private Timers.Pending pending;

    PosixTimer(ThreadGroup group, int id, int clock, int signal, long value, int notify, int thread) {
        this.group = group;
        this.id = id;
        this.clock = clock;
        this.signal = signal;
        this.value = value;
        this.notify = notify;
        this.thread = thread;
    }

    int clock() {
        return clock;
    }

    private boolean onCpuTime() {
        return clock == ClockId.PROCESS_CPU || clock == ClockId.THREAD_CPU;
    }

    private long now() {
        return onCpuTime() ? group.userNanos() + group.systemNanos() : System.nanoTime();
    }

    /** {period, remaining} in nanoseconds. */
    synchronized long[] get() {
        return expiry == 0 ? new long[] {period, 0} : new long[] {period, Math.max(1, expiry - now())};
    }

    /** Arms it to expire after {@code delay}, or disarms it with 0. */
    synchronized long[] set(long delay, long newPeriod) {
        long[] old = get();
        if (pending != null) {
            pending.cancel();
            pending = null;
        }
        period = newPeriod;
        overrun = 0;
        expiry = delay == 0 ? 0 : now() + Math.min(delay, Long.MAX_VALUE / 4);
        if (expiry != 0) {
            schedule();
        }
        return old;
    }

    private void schedule() {
        long left = expiry - now();
        pending = group.layer().timers().at(System.nanoTime() + Math.max(left, onCpuTime() ? 1_000_000 : 0), this::fire);
    }

    private void fire() {
        synchronized (this) {
            if (expiry == 0 || group.zombie()) {
                return;
            }
            if (now() < expiry) {
                schedule();
                return;
            }
            if (period == 0) {
                expiry = 0;
            } else {
                long missed = (now() + Timers.SHORTEST_PERIOD - expiry) / period;
                overrun = (int) Math.min(Integer.MAX_VALUE, overrun + missed);
                expiry += (missed + 1) * period;
                schedule();
            }
        }
        if (notify == SIGEV_NONE) {
            return;
        }
        SignalInfo info = SignalInfo.timer(signal, id, overrun, value);
        if (notify == SIGEV_THREAD_ID) {
            Task target = group.layer().processes().task(thread);
            if (target != null && target.group() == group) {
                Signals.toTask(target, info);
            }
        } else {
            Signals.toGroup(group, info);
        }
    }

    synchronized int overrun() {
        int count = overrun;
        overrun = 0;
        return count;
    }
}
