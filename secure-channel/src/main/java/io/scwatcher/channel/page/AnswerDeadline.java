package io.scwatcher.channel.page;

import java.io.IOException;
import java.nio.channels.Channel;
import java.time.Duration;

/** Closes a channel whose other side lets a request wait for too long: whoever delays must not be able to hang us. */
final class AnswerDeadline implements AutoCloseable {
    private static final long NONE = 0;

    private final Channel channel;
    private final Duration patience;
    private final Thread watcher;
    /** {@link System#nanoTime} of the request under way. */
    private volatile long since = NONE;
    private volatile boolean passed;

    AnswerDeadline(Channel channel, Duration patience) {
        this.channel = channel;
        this.patience = patience;
        watcher = Thread.ofVirtual().name("answer-deadline").start(this::watch);
    }

    void begin() {
        long now = System.nanoTime();
        since = now == NONE ? 1 : now;
    }

    void end() {
        since = NONE;
    }

    boolean hasPassed() {
        return passed;
    }

    private void watch() {
        try {
            while (channel.isOpen()) {
                Thread.sleep(patience.dividedBy(4));
                long start = since;
                if (start != NONE && System.nanoTime() - start > patience.toNanos()) {
                    passed = true;
                    channel.close();
                }
            }
        } catch (InterruptedException | IOException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
