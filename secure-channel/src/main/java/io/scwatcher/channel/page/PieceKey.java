package io.scwatcher.channel.page;

/** An aligned piece of memory as one number: its address with the bit below its alignment set. Its length is a power of two from 2 on. */
final class PieceKey {
    static final long NONE = 0;
    private static final int MAX_LENGTH = 4096;

    private PieceKey() {
    }

    /** @return {@link #NONE} if this is no aligned piece of at most a page */
    static long of(long address, int length) {
        boolean aligned = length > 1 && length <= MAX_LENGTH && Integer.bitCount(length) == 1 && (address & length - 1) == 0 && address >= 0;
        return aligned ? address | length >>> 1 : NONE;
    }

    static int length(long key) {
        return (int) Long.lowestOneBit(key) << 1;
    }

    static long address(long key) {
        return key & key - 1;
    }
}
