package io.scwatcher.channel.page;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** A token bucket that holds the tokens of one second. Safe for several threads, which share them. */
final class RateLimit {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double perSecond;
    private double tokens;
    private long filledAt = System.nanoTime();

    RateLimit(long perSecond) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
    }

    private synchronized double debtAfter(long wanted) {
        long now = System.nanoTime();
        tokens = Math.min(perSecond, tokens + (now - filledAt) / NANOS * perSecond) - wanted;
        filledAt = now;
        return -tokens;
    }

    /** Takes tokens, and sleeps until they are there. */
    void take(long wanted) throws InterruptedIOException {
        if (perSecond == Long.MAX_VALUE) {
            return;
        }
        double debt = debtAfter(wanted);
        if (debt > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep((long) (debt / perSecond * NANOS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }
}
