package io.scwatcher.memory.dump;

/** A bitmap of pages in a dump, least significant bit first, with a fast count of the bits before one. */
final class Bitmap {
    private static final int CHUNK = 1 << 20;

    private final long[] words;
    private final long size;
    /** The number of bits set in all words before each. */
    private final int[] before;

    /** @throws io.scwatcher.memory.GuestMemoryException if the file is too short */
    Bitmap(DumpFile file, long offset, long size) {
        long length = size + 63 >>> 6;
        file.checkHeaders(offset, size + 7 >>> 3, "kdump bitmaps");
        if (length > Integer.MAX_VALUE / 2) {
            throw file.corrupt("it claims %d pages".formatted(size));
        }
        this.size = size;
        words = new long[(int) length];
        before = new int[(int) length + 1];
        long bytes = size + 7 >>> 3;
        for (long at = 0; at < bytes; at += CHUNK) {
            byte[] part = file.bytes(offset + at, (int) Math.min(CHUNK, bytes - at), "kdump bitmaps");
            for (int i = 0; i < part.length; i++) {
                words[(int) (at + i >>> 3)] |= (part[i] & 0xffL) << 8 * (at + i & 7);
            }
        }
        if ((size & 63) != 0) {
            words[words.length - 1] &= (1L << size) - 1;
        }
        for (int i = 0; i < words.length; i++) {
            before[i + 1] = before[i] + Long.bitCount(words[i]);
        }
    }

    boolean isSet(long bit) {
        return bit < size && (words[(int) (bit >>> 6)] >>> bit & 1) != 0;
    }

    int count() {
        return before[words.length];
    }

    /** The number of bits set below {@code bit}. */
    int rank(long bit) {
        int word = (int) (bit >>> 6);
        return word == words.length ? before[word]
                : before[word] + Long.bitCount(words[word] & (1L << bit) - 1);
    }

    /** The first bit set at or behind {@code bit}, or the size. */
    long nextSet(long bit) {
        return next(bit, 0);
    }

    /** The first bit clear at or behind {@code bit}, or the size. */
    long nextClear(long bit) {
        return next(bit, -1);
    }

    private long next(long bit, long invert) {
        if (bit >= size) {
            return size;
        }
        int word = (int) (bit >>> 6);
        long left = (words[word] ^ invert) & -1L << bit;
        while (left == 0) {
            if (++word == words.length) {
                return size;
            }
            left = words[word] ^ invert;
        }
        return Math.min(size, ((long) word << 6) + Long.numberOfTrailingZeros(left));
    }
}
