package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;

/**
 * The kernel's tick counter at the moment of the epoch and its unit.
 *
 * @param now {@code jiffies}
 * @param tickNanos {@code TICK_NSEC}: 4,000,000 where HZ is 250
 */
public record Jiffies(long now, long tickNanos) {
    private static final long NANOS_PER_CLOCK_TICK = 1_000_000_000L / 100;

    /** Reads the counter; the unit is what {@code clocksource_jiffies} was compiled with (kernel/time/jiffies.c). */
    public static Jiffies of(Kernel kernel) {
        KObject clock = kernel.object("clocksource_jiffies", "clocksource");
        long now = kernel.memory().u64(kernel.address("jiffies_64"));
        return new Jiffies(now, clock.get("mult") >>> clock.get("shift"));
    }

    /** {@code HZ}. */
    public int hertz() {
        return (int) Math.round(1e9 / tickNanos);
    }

    /** {@code jiffies_to_clock_t}: in units of {@code USER_HZ}, a hundredth of a second. */
    public long toClockTicks(long jiffies) {
        if (tickNanos % NANOS_PER_CLOCK_TICK == 0) {
            return Long.divideUnsigned(jiffies, 100 / hertz() == 0 ? 1 : hertz() / 100);
        }
        return Long.divideUnsigned(jiffies * tickNanos, NANOS_PER_CLOCK_TICK);
    }

    /** {@code jiffies_delta_to_clock_t} of the time from now to {@code expires}; 0 when that is over. */
    public long clockTicksUntil(long expires) {
        return toClockTicks(Math.max(0, expires - now));
    }
}
