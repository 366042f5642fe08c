package io.scwatcher.channel.page;

import java.util.concurrent.atomic.AtomicLong;

/** The numbers of one agent's epochs: each is larger than all before, over all connections. */
public final class EpochNumbers {
    private final AtomicLong last = new AtomicLong();

    long next() {
        return last.incrementAndGet();
    }
}
