package io.scwatcher.os.time;

import static io.scwatcher.os.abi.Errno.EINVAL;

import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.task.ThreadGroup;

/** Clock IDs of clock_gettime(2); negative ones are the processor-time clock of some task (include/linux/posix-timers_types.h). */
public final class ClockId {
    public static final int REALTIME = 0, MONOTONIC = 1, PROCESS_CPU = 2, THREAD_CPU = 3, MONOTONIC_RAW = 4, REALTIME_COARSE = 5, MONOTONIC_COARSE = 6,
            BOOTTIME = 7, REALTIME_ALARM = 8, BOOTTIME_ALARM = 9, TAI = 11;

    private ClockId() {}

    /** The time of a clock, nanoseconds. @throws SystemCallException EINVAL */
    public static long now(Task task, int clock) {
        return switch (clock) {
            case REALTIME, REALTIME_COARSE, REALTIME_ALARM, TAI -> task.layer().clocks().realTime();
            case MONOTONIC, MONOTONIC_RAW, MONOTONIC_COARSE, BOOTTIME, BOOTTIME_ALARM -> task.layer().clocks().monotonic();
            case PROCESS_CPU -> task.group().userNanos() + task.group().systemNanos();
            case THREAD_CPU -> task.cpuTime().total();
            default -> cpuClock(task, clock);
        };
    }

    private static long cpuClock(Task task, int clock) {
        int pid = ~(clock >> 3);
        Task of = pid == 0 ? task : task.layer().processes().task(pid);
        if (clock >= 0 || (clock & 3) == 3 || of == null) {
            throw SystemCallException.of(EINVAL);
        }
        if ((clock & 4) != 0) {
            if (of.group() != task.group()) {
                throw SystemCallException.of(EINVAL);
            }
            return of.cpuTime().total();
        }
        ThreadGroup group = of.group();
        return group.userNanos() + group.systemNanos();
    }
}
