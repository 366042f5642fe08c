package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.Arrays;

/**
 * Where the CPUs' time went: {@code kernel_cpustat} in nanoseconds, idle and iowait as fs/proc/stat.c computes them.
 * Up to 6.x they come from the tick ({@code get_cpu_sleep_time_us}, hence whole microseconds) unless the CPU is offline
 * or the tick never stops; in 7.x from {@code kernel_cpustat} itself ({@code kcpustat_field_dyntick}).
 */
public final class CpuTimes {
    private static final long NANOS_PER_MICRO = 1000;
    /** {@code TS_FLAG_IDLE_ACTIVE}, kernel/time/tick-sched.h, since 6.9; a bit-field before. */
    private static final long TS_FLAG_IDLE_ACTIVE = 1 << 2;

    private final Kernel kernel;
    private final Variables variables;
    private final Timekeeping time;

    public CpuTimes(Kernel kernel, Timekeeping time) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
        this.time = time;
    }

    /**
     * One CPU's times.
     *
     * @return nanoseconds by the constants {@code CPUTIME_*}
     */
    public Times of(int cpu) {
        KObject stat = variables.perCpu("kernel_cpustat", "kernel_cpustat", cpu);
        return new Times(
                counter(stat, "CPUTIME_USER"), counter(stat, "CPUTIME_NICE"), counter(stat, "CPUTIME_SYSTEM"),
                sleep(cpu, stat, false), sleep(cpu, stat, true),
                counter(stat, "CPUTIME_IRQ"), counter(stat, "CPUTIME_SOFTIRQ"), counter(stat, "CPUTIME_STEAL"),
                counter(stat, "CPUTIME_GUEST"), counter(stat, "CPUTIME_GUEST_NICE"));
    }

    /** All nanoseconds that one CPU, or all together, spent. */
    public record Times(long user, long nice, long system, long idle, long iowait, long irq, long softirq, long steal,
                        long guest, long guestNice) {
        public static final Times NONE = new Times(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        public Times plus(Times other) {
            return new Times(user + other.user, nice + other.nice, system + other.system, idle + other.idle,
                    iowait + other.iowait, irq + other.irq, softirq + other.softirq, steal + other.steal,
                    guest + other.guest, guestNice + other.guestNice);
        }

        /** In the order of /proc/stat. */
        public long[] inOrder() {
            return new long[] {user, nice, system, idle, iowait, irq, softirq, steal, guest, guestNice};
        }
    }

    private long counter(KObject stat, String index) {
        return stat.at("cpustat").index(variables.constant(index)).value();
    }

    private long sleep(int cpu, KObject stat, boolean iowait) {
        long counted = counter(stat, iowait ? "CPUTIME_IOWAIT" : "CPUTIME_IDLE");
        boolean online = Arrays.binarySearch(kernel.onlineCpus(), cpu) >= 0;
        if (stat.has("idle_elapse")) {
            return counted + dyntick(cpu, stat, iowait);
        }
        if (!online || !variables.isSet("tick_nohz_active", 4) || !variables.has("tick_cpu_sched")) {
            return counted;
        }
        KObject tick = variables.perCpu("tick_cpu_sched", "tick_sched", cpu);
        long slept = tick.get(iowait ? "iowait_sleeptime" : "idle_sleeptime");
        boolean idle = tick.has("idle_active")
                ? tick.get("idle_active") != 0 : (tick.get("flags") & TS_FLAG_IDLE_ACTIVE) != 0;
        if (idle && waitsForIo(cpu) == iowait) {
            slept += Math.max(0, time.monotonic() - tick.get("idle_entrytime"));
        }
        return slept / NANOS_PER_MICRO * NANOS_PER_MICRO;
    }

    private long dyntick(int cpu, KObject stat, boolean iowait) {
        if (stat.get("idle_elapse") == 0 || waitsForIo(cpu) != iowait) {
            return 0;
        }
        long delta = Math.max(0, time.monotonic() - stat.get("idle_entrytime"));
        return delta - Math.min(delta, stat.at("idle_stealtime").index(iowait ? 1 : 0).value());
    }

    private boolean waitsForIo(int cpu) {
        return variables.perCpu("runqueues", "rq", cpu).get("nr_iowait") != 0;
    }
}
