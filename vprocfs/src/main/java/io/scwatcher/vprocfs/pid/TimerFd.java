package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Timekeeping;

/**
 * A timer behind a file descriptor (fs/timerfd.c).
 *
 * @param context the {@code struct timerfd_ctx}
 */
record TimerFd(KObject context) {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_REALTIME_ALARM = 8;
    private static final int CLOCK_BOOTTIME_ALARM = 9;

    /** Nanoseconds. */
    long interval() {
        return context.get("tintv");
    }

    /** {@code timerfd_get_remaining}: nanoseconds until it fires, at least 0. */
    long remaining() {
        Kernel kernel = context.kernel();
        int clock = context.getInt("clockid");
        boolean alarm = clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM;
        long expires = context.get(alarm ? "t.alarm.node.expires" : "t.tmr.node.expires");
        if (expires == 0) {
            return 0;
        }
        Timekeeping clocks = new Timekeeping(kernel);
        long now = switch (clock) {
            case CLOCK_REALTIME, CLOCK_REALTIME_ALARM -> clocks.real();
            case CLOCK_MONOTONIC -> clocks.monotonic();
            default -> clocks.boottime();
        };
        return Math.max(0, expires - now);
    }
}
