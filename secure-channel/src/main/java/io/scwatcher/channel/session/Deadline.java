package io.scwatcher.channel.session;

import java.io.IOException;
import java.nio.channels.Channel;
import java.time.Duration;

/** Closes a channel if something is not done in time. Closing the deadline means that it is done. */
public final class Deadline implements AutoCloseable {
    private final Thread timer;
    private volatile boolean passed;

    public Deadline(Channel channel, Duration patience) {
        timer = Thread.ofVirtual().name("deadline").start(() -> {
            try {
                Thread.sleep(patience);
                passed = true;
                channel.close();
            } catch (InterruptedException | IOException e) {
                // Done in time, or gone.
            }
        });
    }

    public boolean hasPassed() {
        return passed;
    }

    @Override
    public void close() {
        timer.interrupt();
    }
}
