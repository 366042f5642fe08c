package io.scwatcher.vprocfs.pid;

/** Time in the unit of /proc/PID/stat. */
final class ClockTicks {
    private static final long NANOSECONDS_EACH = 1_000_000_000L / 100;

    private ClockTicks() {}

    /** {@code nsec_to_clock_t} for {@code USER_HZ} 100, as on all architectures of today. */
    static long of(long nanoseconds) {
        return Long.divideUnsigned(nanoseconds, NANOSECONDS_EACH);
    }
}
