package io.scwatcher.memory.block;

import java.util.Arrays;

/**
 * A backing with pages that nobody has touched. They read as zeros and stay untouched: the first read of a page asks
 * whether it has content; from then on the page is read without asking.
 */
abstract class SparseBacking implements Backing {
    private final PageSet touched;

    SparseBacking(long size) {
        touched = new PageSet(size);
    }

    /** Reads pages with content. */
    @FunctionalInterface
    interface Reader {
        /** @return false if the bytes cannot be read */
        boolean read(long offset, byte[] destination, int at, int length);
    }

    /** Reads pages with content at once. */
    abstract boolean readTouched(long offset, byte[] destination, int at, int length);

    /**
     * Looks for content now, {@linkplain #noteTouched notes} what it finds, at least at {@code page}.
     *
     * @param page offset of a page
     * @return {@code page} if that page has content, else the end of the untouched run, not behind {@code end} by need
     */
    abstract long look(long page, long end);

    final void noteTouched(long start, long end) {
        touched.add(start, end);
    }

    @Override
    public final boolean read(long offset, byte[] destination, int at, int length) {
        return read(offset, destination, at, length, this::readTouched);
    }

    /** Fills untouched pages with zeros and leaves the others to {@code reader}. */
    final boolean read(long offset, byte[] destination, int at, int length, Reader reader) {
        while (length > 0) {
            long end = offset + length;
            long stop = touched.runEnd(offset, end);
            if (stop > offset) {
                if (!reader.read(offset, destination, at, (int) (stop - offset))) {
                    return false;
                }
            } else {
                long untouched = look(offset & -PageSet.PAGE, end);
                stop = Math.max(offset, Math.min(end, untouched));
                Arrays.fill(destination, at, at + (int) (stop - offset), (byte) 0);
            }
            at += (int) (stop - offset);
            length -= (int) (stop - offset);
            offset = stop;
        }
        return true;
    }
}
