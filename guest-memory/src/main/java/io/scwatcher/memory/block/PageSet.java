package io.scwatcher.memory.block;

/** Pages of 4 KiB, a bit each. Threads may race: a lost bit costs a second look at the page, nothing else. */
final class PageSet {
    static final int SHIFT = 12;
    static final int PAGE = 1 << SHIFT;

    private final long[] bits;

    /** @param size of the backing in bytes */
    PageSet(long size) {
        bits = new long[Math.toIntExact((size >>> SHIFT + 6) + 1)];
    }

    /** Adds all pages that the bytes from {@code start} to {@code end} touch. */
    void add(long start, long end) {
        for (long page = start >>> SHIFT; page << SHIFT < end; page++) {
            if ((page & 63) == 0 && page + 64 << SHIFT <= end) {
                bits[(int) (page >>> 6)] = -1;
                page += 63;
            } else {
                bits[(int) (page >>> 6)] |= 1L << page;
            }
        }
    }

    /** The end of the run of pages in the set that starts at {@code offset}: from {@code offset} to {@code end}. */
    long runEnd(long offset, long end) {
        long page = offset >>> SHIFT;
        while (page << SHIFT < end && (bits[(int) (page >>> 6)] >>> page & 1) != 0) {
            page++;
        }
        return Math.max(offset, Math.min(end, page << SHIFT));
    }
}
