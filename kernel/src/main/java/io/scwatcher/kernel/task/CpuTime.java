package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;
import java.util.List;

/**
 * User and system time in nanoseconds as /proc shows them: the tick samples scaled to the precise run time, never going
 * backwards from what was shown before. Follows kernel/sched/cputime.c {@code cputime_adjust}; unlike the kernel, a
 * reading does not change what the next one is measured against.
 */
public record CpuTime(long user, long system) {
    /** One thread: {@code task_cputime_adjusted}. */
    public static CpuTime ofThread(Task task) {
        KObject object = task.object();
        return adjust(object.get("utime"), object.get("stime"), object.get("se.sum_exec_runtime"),
                object.at("prev_cputime"));
    }

    /** A process, by its {@code signal_struct} and threads: {@code thread_group_cputime_adjusted}. */
    public static CpuTime ofGroup(KObject signal, List<Task> threads) {
        long user = signal.get("utime");
        long system = signal.get("stime");
        long runtime = signal.get("sum_sched_runtime");
        for (Task thread : threads) {
            user += thread.get("utime");
            system += thread.get("stime");
            runtime += thread.get("se.sum_exec_runtime");
        }
        return adjust(user, system, runtime, signal.at("prev_cputime"));
    }

    private static CpuTime adjust(long user, long system, long runtime, KObject previous) {
        return adjust(user, system, runtime, previous.get("utime"), previous.get("stime"));
    }

    static CpuTime adjust(long user, long system, long runtime, long previousUser, long previousSystem) {
        if (Long.compareUnsigned(previousSystem + previousUser, runtime) >= 0) {
            return new CpuTime(previousUser, previousSystem);
        }
        long scaled;
        if (system == 0) {
            scaled = 0;
        } else if (user == 0) {
            scaled = runtime;
        } else {
            scaled = share(system, runtime, system + user);
        }
        if (Long.compareUnsigned(scaled, previousSystem) < 0) {
            scaled = previousSystem;
        }
        long rest = runtime - scaled;
        if (Long.compareUnsigned(rest, previousUser) < 0) {
            rest = previousUser;
            scaled = runtime - rest;
        }
        return new CpuTime(rest, scaled);
    }

    /** {@code part * total / whole} without overflow. */
    private static long share(long part, long total, long whole) {
        if (Math.multiplyHigh(part, total) == 0 && part * total >= 0 && whole > 0) {
            return part * total / whole;
        }
        return new java.math.BigInteger(Long.toUnsignedString(part))
                .multiply(new java.math.BigInteger(Long.toUnsignedString(total)))
                .divide(new java.math.BigInteger(Long.toUnsignedString(whole)).max(java.math.BigInteger.ONE))
                .longValue();
    }
}
