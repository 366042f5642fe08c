package io.scwatcher.channel.page;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Which pieces of memory to fetch along with one that is missing. Lists of the kernel are walked in nearly the same order each time, so whatever was read after this piece
 * the last time is likely to be read again. A piece never met brings its neighbours: objects of one slab lie together.
 */
final class ReadAhead {
    private static final int MAX_KNOWN = 1 << 18;
    private static final int FIRST_WINDOW = 16;
    private static final int NEIGHBOURS = 4;

    private final int limit;
    /** The piece that was read after each, the last time. */
    private final ConcurrentHashMap<Long, Long> successors = new ConcurrentHashMap<>();
    private long last = PieceKey.NONE;
    private int window = FIRST_WINDOW;

    /** @param limit pieces at most; 0 for none */
    ReadAhead(int limit) {
        this.limit = limit;
    }

    /** Somebody reads a piece for the first time in its epoch. */
    synchronized void used(long key) {
        if (successors.size() >= MAX_KNOWN) {
            successors.clear();
        }
        if (last != PieceKey.NONE && last != key) {
            successors.put(last, key);
        }
        last = key;
    }

    /** A new epoch begins. */
    synchronized void restart() {
        last = PieceKey.NONE;
        window = FIRST_WINDOW;
    }

    /** What takes the pieces. */
    interface Sink {
        /** @return false if the piece is known already */
        boolean add(long key);
    }

    /** Tells which pieces to fetch along with a missing one. */
    synchronized void after(long missing, Sink sink) {
        if (limit == 0) {
            return;
        }
        Long next = successors.get(missing);
        if (next == null) {
            neighbours(missing, sink);
            return;
        }
        int found = 0;
        for (int steps = 0; next != null && next != missing && found < window && steps < 4 * limit; steps++) {
            found += sink.add(next) ? 1 : 0;
            next = successors.get(next);
        }
        window = Math.min(limit, 2 * window);
    }

    private static void neighbours(long missing, Sink sink) {
        int length = PieceKey.length(missing);
        long group = PieceKey.address(missing) & -(long) NEIGHBOURS * length;
        for (int i = 0; i < NEIGHBOURS; i++) {
            sink.add(PieceKey.of(group + (long) i * length, length));
        }
    }
}
