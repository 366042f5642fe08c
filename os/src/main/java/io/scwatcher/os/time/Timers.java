package io.scwatcher.os.time;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs short actions at given times, on a thread of its own that exists as long as something is to be done. */
public final class Timers implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(0, Thread.ofPlatform().daemon().name("timers").factory());

    public Timers() {
        executor.setMaximumPoolSize(1);
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Something that is to happen. */
    public interface Pending {
        /** It is not to happen any more; it may be happening right now. */
        void cancel();
    }

    /** Timers that repeat do so no faster than this, in nanoseconds; what they miss counts as overrun. */
    static final long SHORTEST_PERIOD = 100_000;

    /** @param deadline of {@link System#nanoTime}  @param action must not block */
    public Pending at(long deadline, Runnable action) {
        ScheduledFuture<?> future = executor.schedule(action, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
