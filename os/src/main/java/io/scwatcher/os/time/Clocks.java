package io.scwatcher.os.time;

import io.scwatcher.os.task.Task;
import io.scwatcher.os.view.SystemView;
import java.time.Instant;

/** The layer's clocks, in nanoseconds. The system's uptime is its monotonic clock; all clocks run on while a view of the system stands still. */
public final class Clocks {
    private final SystemView view;
    private final long bootOffset;

    public Clocks(SystemView view) {
        this.view = view;
        this.bootOffset = view.information().uptime() * 1_000_000_000 - System.nanoTime();
    }

    /** CLOCK_REALTIME: since 1970. */
    public long realTime() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano() + view.realTimeOffset();
    }

    /** CLOCK_MONOTONIC, CLOCK_BOOTTIME: since the system's boot. */
    public long monotonic() {
        return System.nanoTime() + bootOffset;
    }

    /** The deadline for {@link Task#block} at a time of CLOCK_REALTIME. */
    public long realTimeDeadline(long at) {
        return TimeSpec.after(Math.max(0, at - realTime()));
    }

    /** The deadline for {@link Task#block} at a time of CLOCK_MONOTONIC. */
    public long monotonicDeadline(long at) {
        return TimeSpec.after(Math.max(0, at - monotonic()));
    }
}
