package io.scwatcher.os;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What a layer counts. Safe for several threads. */
public final class Statistics {
    /** No program may fill the memory with made-up numbers. */
    private static final int MAX_MISSING = 1024;

    private final Map<Integer, LongAdder> missing = new ConcurrentSkipListMap<>();
    private final LongAdder tasks = new LongAdder();

    /** A system call that isn't there was made. */
    public void missing(int number) {
        LongAdder count = missing.get(number);
        if (count == null && missing.size() < MAX_MISSING) {
            count = missing.computeIfAbsent(number, _ -> new LongAdder());
        }
        if (count != null) {
            count.increment();
        }
    }

    /** How often system calls were made that aren't there, by number. */
    public Map<Integer, Long> missing() {
        Map<Integer, Long> counts = new TreeMap<>();
        missing.forEach((number, count) -> counts.put(number, count.sum()));
        return counts;
    }

    void taskStarted() {
        tasks.increment();
    }

    /** Tasks that were ever started. */
    public long tasks() {
        return tasks.sum();
    }
}
