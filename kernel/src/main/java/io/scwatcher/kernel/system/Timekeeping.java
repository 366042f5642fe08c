package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.CType;

/**
 * The kernel's clocks (kernel/time/timekeeping.c). A clock of a paused VM cannot be read exactly, since the counter it
 * extrapolates from lies in the hardware. "Now" is therefore the latest moment that the kernel itself wrote down: the last
 * update of the timekeeper (at most one tick old while any CPU runs) or, where all CPUs sleep without a tick, the moment
 * the last one went to sleep. It is never later than the true time, and earlier by at most one tick of a running CPU.
 */
public final class Timekeeping {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int MOST_HZ = 2000;
    /** What distributions configure, for a kernel whose own value is unreadable. */
    private static final int DEFAULT_HZ = 250;

    private final Kernel kernel;
    private final Variables variables;
    private final KObject timekeeper;
    private final long monotonic;

    public Timekeeping(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
        this.timekeeper = findTimekeeper();
        this.monotonic = latestMoment();
    }

    /** {@code ktime_get}: nanoseconds since boot without suspend. */
    public long monotonic() {
        return monotonic;
    }

    /** {@code ktime_get_boottime}: nanoseconds since boot with suspend. */
    public long boottime() {
        return monotonic + timekeeper.get("offs_boot");
    }

    /** {@code ktime_get_real}: nanoseconds since 1970. */
    public long real() {
        return monotonic + timekeeper.get("offs_real");
    }

    /** {@code getboottime64}: nanoseconds from 1970 to the boot. */
    public long bootedAt() {
        return timekeeper.get("offs_real") - timekeeper.get("offs_boot");
    }

    /** {@code ktime_get_seconds}. */
    public long seconds() {
        return Math.floorDiv(monotonic, NANOS_PER_SECOND);
    }

    /** {@code jiffies_64}. */
    public long jiffies() {
        return variables.u64("jiffies_64");
    }

    /** {@code HZ}. */
    public int hz() {
        return hz(kernel);
    }

    /** {@code HZ}: the clocksource of last resort counts jiffies, so its multiplier is the length of a tick. */
    public static int hz(Kernel kernel) {
        KObject jiffies = kernel.object("clocksource_jiffies", "clocksource");
        long tick = jiffies.get("mult") >>> jiffies.get("shift");
        boolean isSane = tick >= NANOS_PER_SECOND / MOST_HZ && tick <= NANOS_PER_SECOND;
        return isSane ? (int) Math.round((double) NANOS_PER_SECOND / tick) : DEFAULT_HZ;
    }

    /** The current {@code struct clocksource}. */
    public KObject clocksource() {
        return timekeeper.ptr("tkr_mono.clock");
    }

    /** Up to 6.16 one {@code tk_core}, an unnamed structure until 6.13; since 6.17 {@code timekeeper_data[]}. */
    private KObject findTimekeeper() {
        if (kernel.symbols().has("timekeeper_data")) {
            return new KObject(kernel, kernel.types().struct("tk_data"), kernel.address("timekeeper_data"))
                    .index(variables.constant("TIMEKEEPER_CORE", 0)).at("timekeeper");
        }
        // The symbol went when the structure came. Asking for a type that is not there reads the types of all modules.
        if (!kernel.symbols().has("shadow_timekeeper") && kernel.types().hasStruct("tk_data")) {
            return kernel.object("tk_core", "tk_data").at("timekeeper");
        }
        CType lock = kernel.types().type("seqcount_raw_spinlock_t");
        int alignment = Long.BYTES;
        int offset = (lock.size() + alignment - 1) / alignment * alignment;
        return kernel.at(kernel.address("tk_core") + offset, "timekeeper");
    }

    /** {@code tkr_mono}: the base plus the shifted rest that was accumulated at the last update. */
    private long lastUpdate() {
        return timekeeper.get("tkr_mono.base")
                + (timekeeper.get("tkr_mono.xtime_nsec") >>> timekeeper.get("tkr_mono.shift"));
    }

    private long latestMoment() {
        long latest = lastUpdate();
        if (!kernel.symbols().has("tick_cpu_sched")) {
            return latest;
        }
        for (int cpu : kernel.onlineCpus()) {
            try {
                KObject tick = variables.perCpu("tick_cpu_sched", "tick_sched", cpu);
                latest = Math.max(latest, plausible(tick.get("idle_entrytime"), latest));
                latest = Math.max(latest, plausible(tick.get("idle_waketime"), latest));
            } catch (MemoryFault broken) {
                kernel.anomalies().record("tick_cpu_sched of CPU " + cpu + ": " + broken.getMessage());
            }
        }
        return latest;
    }

    /** A broken time stamp must not carry the clock away: no CPU sleeps longer than the clocksource allows. */
    private long plausible(long moment, long base) {
        long longestSleep = 24 * 3600 * NANOS_PER_SECOND;
        return moment - base > longestSleep ? base : moment;
    }
}
