package io.scwatcher.kernel;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What went wrong while reading: broken lists, unmapped pointers, lengths out of bounds. Reading goes on with what there
 * is; nothing is dropped in silence. Bounded, since a hostile guest can break everything.
 */
public final class Anomalies {
    private static final int KEPT = 1000;

    private final ConcurrentLinkedQueue<String> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    /** Records one anomaly, in words for people: where, what. */
    public void record(String what) {
        if (count.getAndIncrement() < KEPT) {
            kept.add(what);
        }
    }

    /** How many were recorded, also those whose text was not kept. */
    public int count() {
        return count.get();
    }

    public List<String> list() {
        return List.copyOf(kept);
    }
}
