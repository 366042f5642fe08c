package io.scwatcher.os.time;

import static io.scwatcher.os.abi.Errno.EAGAIN;
import static io.scwatcher.os.abi.Errno.EINTR;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EOPNOTSUPP;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ERESTARTNOHAND;
import static io.scwatcher.os.abi.Signal.SIGALRM;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;
import static io.scwatcher.os.syscall.Support.REFUSED;

import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.WaitQueue;
import io.scwatcher.os.wait.Wakeup;

/** Clocks, sleeping and timers. */
public final class TimeCalls {
    private static final long SECOND = 1_000_000_000;
    private static final int TIMER_ABSTIME = 1;
    /** CONFIG_HZ is 250 on the distributions' kernels: the resolution of the coarse clocks. */
    private static final long COARSE = 4_000_000;
    private static final Argument CLOCK = oneOf("CLOCK_REALTIME", "CLOCK_MONOTONIC", "CLOCK_PROCESS_CPUTIME_ID", "CLOCK_THREAD_CPUTIME_ID", "CLOCK_MONOTONIC_RAW",
            "CLOCK_REALTIME_COARSE", "CLOCK_MONOTONIC_COARSE", "CLOCK_BOOTTIME", "CLOCK_REALTIME_ALARM", "CLOCK_BOOTTIME_ALARM", null, "CLOCK_TAI");
    private static final Argument ITIMER = oneOf("ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF");

    private TimeCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(35, "nanosleep", args(TIMESPEC, POINTER), FULL, (task, request, rest, _, _, _, _) ->
                sleep(task, TimeSpec.after(TimeSpec.read(task.memory(), request)), rest));
        table.call(36, "getitimer", args(ITIMER, POINTER), FULL, (task, which, address, _, _, _, _) -> {
            if (which < 0 || which > 2) {
                return -EINVAL;
            }
            writeTimer(task.memory(), address, task.group().timers().get((int) which));
            return 0;
        });
        table.call(37, "alarm", args(UNSIGNED), FULL, (task, seconds, _, _, _, _, _) -> {
            long[] old = task.group().timers().set(ProcessTimers.REAL, 0, (seconds & 0xffffffffL) * SECOND);
            return old[1] == 0 ? 0 : Math.max(1, (old[1] + SECOND / 2) / SECOND);
        });
        table.call(38, "setitimer", args(ITIMER, POINTER, POINTER), FULL, TimeCalls::setInterval);
        table.call(96, "gettimeofday", args(POINTER, POINTER), FULL, (task, time, zone, _, _, _, _) -> {
            if (time != 0) {
                TimeSpec.writeTimeval(task.memory(), time, task.layer().clocks().realTime());
            }
            if (zone != 0) {
                task.memory().put64(zone, 0);
            }
            return 0;
        });
        table.call(164, "settimeofday", args(POINTER, POINTER), REFUSED, (_, _, _, _, _, _, _) -> -EPERM);
        table.call(159, "adjtimex", args(POINTER), PARTIAL, "reading only; nothing is adjusted", (task, buffer, _, _, _, _, _) -> adjust(task, buffer));
        table.call(305, "clock_adjtime", args(CLOCK, POINTER), PARTIAL, "reading only", (task, clock, buffer, _, _, _, _) ->
                clock == ClockId.REALTIME ? adjust(task, buffer) : -EINVAL);
        table.call(201, "time", args(POINTER), FULL, (task, address, _, _, _, _, _) -> {
            long seconds = task.layer().clocks().realTime() / SECOND;
            if (address != 0) {
                task.memory().put64(address, seconds);
            }
            return seconds;
        });
        table.call(222, "timer_create", args(CLOCK, POINTER, POINTER), PARTIAL, "processor-time clocks only of the own process", TimeCalls::createTimer);
        table.call(223, "timer_settime", args(INT, INT, POINTER, POINTER), FULL, TimeCalls::setTimer);
        table.call(224, "timer_gettime", args(INT, POINTER), FULL, (task, id, address, _, _, _, _) -> {
            PosixTimer timer = task.group().timers().find((int) id);
            if (timer == null) {
                return -EINVAL;
            }
            writeTimerSpec(task.memory(), address, timer.get());
            return 0;
        });
        table.call(225, "timer_getoverrun", args(INT), FULL, (task, id, _, _, _, _, _) -> {
            PosixTimer timer = task.group().timers().find((int) id);
            return timer == null ? -EINVAL : timer.overrun();
        });
        table.call(226, "timer_delete", args(INT), FULL, (task, id, _, _, _, _, _) -> task.group().timers().delete((int) id) ? 0 : -EINVAL);
        table.call(227, "clock_settime", args(CLOCK, TIMESPEC), REFUSED, (task, clock, time, _, _, _, _) -> {
            TimeSpec.read(task.memory(), time);
            return clock == ClockId.REALTIME ? -EPERM : -EINVAL;
        });
        table.call(228, "clock_gettime", args(CLOCK, POINTER), FULL, (task, clock, address, _, _, _, _) -> {
            TimeSpec.write(task.memory(), address, ClockId.now(task, (int) clock));
            return 0;
        });
        table.call(229, "clock_getres", args(CLOCK, POINTER), FULL, (task, clock, address, _, _, _, _) -> {
            ClockId.now(task, (int) clock);
            if (address != 0) {
                TimeSpec.write(task.memory(), address, clock == ClockId.REALTIME_COARSE || clock == ClockId.MONOTONIC_COARSE ? COARSE : 1);
            }
            return 0;
        });
        table.call(230, "clock_nanosleep", args(CLOCK, INT, TIMESPEC, POINTER), FULL, TimeCalls::clockSleep);
    }

    private static long clockSleep(Task task, long clockId, long flags, long request, long rest, long e, long f) {
        int clock = (int) clockId;
        if (clock == ClockId.THREAD_CPU) {
            return -EINVAL;
        }
        if (clock == ClockId.MONOTONIC_RAW || clock == ClockId.REALTIME_COARSE || clock == ClockId.MONOTONIC_COARSE) {
            return -EOPNOTSUPP;
        }
        long now = ClockId.now(task, clock);
        long wanted = TimeSpec.read(task.memory(), request);
        boolean absolute = (flags & TIMER_ABSTIME) != 0;
        if (clock < 0 || clock == ClockId.PROCESS_CPU) {
            return sleepCpu(task, clock, absolute ? wanted : now + Math.min(wanted, Long.MAX_VALUE / 4));
        }
        if (!absolute) {
            return sleep(task, TimeSpec.after(wanted), rest);
        }
        long deadline = TimeSpec.after(Math.max(0, wanted - now));
        return task.block(new WaitQueue(), deadline, () -> false) == Wakeup.TIMED_OUT ? 0 : -ERESTARTNOHAND;
    }

    /** The clock runs while other threads run; it is looked at now and then. */
    private static long sleepCpu(Task task, int clock, long until) {
        WaitQueue nobody = new WaitQueue();
        while (true) {
            long left = until - ClockId.now(task, clock);
            if (left <= 0) {
                return 0;
            }
            if (task.block(nobody, System.nanoTime() + Math.max(left, 1_000_000), () -> false) == Wakeup.INTERRUPTED) {
                return -EINTR;
            }
        }
    }

    private static long sleep(Task task, long deadline, long rest) {
        if (task.block(new WaitQueue(), deadline, () -> false) == Wakeup.TIMED_OUT) {
            return 0;
        }
        if (rest != 0) {
            TimeSpec.write(task.memory(), rest, Math.max(0, deadline - System.nanoTime()));
        }
        return task.restartBy(() -> sleep(task, deadline, rest));
    }

    private static long setInterval(Task task, long which, long newAddress, long oldAddress, long d, long e, long f) {
        UserMemory memory = task.memory();
        long period = newAddress == 0 ? 0 : TimeSpec.readTimeval(memory, newAddress);
        long value = newAddress == 0 ? 0 : TimeSpec.readTimeval(memory, newAddress + 16);
        if (which < 0 || which > 2) {
            return -EINVAL;
        }
        long[] old = task.group().timers().set((int) which, period, value);
        if (oldAddress != 0) {
            writeTimer(memory, oldAddress, old);
        }
        return 0;
    }

    private static void writeTimer(UserMemory memory, long address, long[] timer) {
        TimeSpec.writeTimeval(memory, address, timer[0]);
        TimeSpec.writeTimeval(memory, address + 16, timer[1]);
    }

    private static void writeTimerSpec(UserMemory memory, long address, long[] timer) {
        TimeSpec.write(memory, address, timer[0]);
        TimeSpec.write(memory, address + 16, timer[1]);
    }

    private static long createTimer(Task task, long clockId, long event, long idAddress, long d, long e, long f) {
        int clock = (int) clockId;
        ClockId.now(task, clock);
        if (clock == ClockId.MONOTONIC_RAW || clock == ClockId.REALTIME_COARSE || clock == ClockId.MONOTONIC_COARSE) {
            return -EOPNOTSUPP;
        }
        UserMemory memory = task.memory();
        int signal = SIGALRM;
        int notify = PosixTimer.SIGEV_SIGNAL;
        int thread = 0;
        long value = task.group().timers().nextId();
        if (event != 0) {
            value = memory.get64(event);
            signal = memory.get32(event + 8);
            notify = memory.get32(event + 12);
            thread = memory.get32(event + 16);
            if (notify == PosixTimer.SIGEV_THREAD_ID) {
                Task target = task.layer().processes().task(thread);
                if (target == null || target.group() != task.group()) {
                    return -EINVAL;
                }
            } else if (notify != PosixTimer.SIGEV_SIGNAL && notify != PosixTimer.SIGEV_NONE) {
                return -EINVAL;
            }
            if (notify != PosixTimer.SIGEV_NONE && !Signal.valid(signal)) {
                return -EINVAL;
            }
        }
        if (task.group().timers().count() >= ProcessTimers.MAX_TIMERS) {
            return -EAGAIN;
        }
        memory.put32(idAddress, task.group().timers().nextId());
        task.group().timers().create(clock, signal, value, notify, thread);
        return 0;
    }

    private static long setTimer(Task task, long id, long flags, long newAddress, long oldAddress, long e, long f) {
        if (newAddress == 0) {
            return -EINVAL;
        }
        long period = TimeSpec.read(task.memory(), newAddress);
        long value = TimeSpec.read(task.memory(), newAddress + 16);
        PosixTimer timer = task.group().timers().find((int) id);
        if (timer == null) {
            return -EINVAL;
        }
        if (value != 0 && (flags & TIMER_ABSTIME) != 0) {
            value = Math.max(1, value - ClockId.now(task, timer.clock()));
        }
        long[] old = timer.set(value, value == 0 ? 0 : period);
        if (oldAddress != 0) {
            writeTimerSpec(task.memory(), oldAddress, old);
        }
        return 0;
    }

    /** struct timex of include/uapi/linux/timex.h, of an unsynchronized clock. */
    private static long adjust(Task task, long address) {
        UserMemory memory = task.memory();
        if (memory.get32(address) != 0) {
            return -EPERM;
        }
        memory.zero(address, 208);
        memory.put32(address + 40, 0x40);
        memory.put64(address + 56, 1);
        TimeSpec.writeTimeval(memory, address + 72, task.layer().clocks().realTime());
        memory.put64(address + 88, 10_000);
        return 5;
    }
}
