package io.scwatcher.cpu.packed;

/**
 * Arithmetic on all lanes of a quadword at once, without carries from lane to lane. {@code high} has the top bit of every lane set: {@link #BYTES},
 * {@link #WORDS}, or {@link #DOUBLEWORDS}. A mask has all bits of a lane set, or none.
 */
final class Lanes {
    static final long BYTES = 0x8080_8080_8080_8080L;
    static final long WORDS = 0x8000_8000_8000_8000L;
    static final long DOUBLEWORDS = 0x8000_0000_8000_0000L;

    private Lanes() {
    }

    static long add(long a, long b, long high) {
        return (a & ~high) + (b & ~high) ^ (a ^ b) & high;
    }

    static long subtract(long a, long b, long high) {
        return (a | high) - (b & ~high) ^ ~(a ^ b) & high;
    }

    /** Spreads the top bit of every lane over the lane. */
    static long spread(long value, long high) {
        long tops = value & high;
        return (tops << 1) - lowest(tops, high);
    }

    /** The top bits moved to the bottom of their lanes. */
    private static long lowest(long tops, long high) {
        return tops >>> Long.numberOfTrailingZeros(high);
    }

    static long equal(long a, long b, long high) {
        long difference = a ^ b;
        return spread(~((difference & ~high) + ~high | difference), high);
    }

    /** Whether a lane is zero. */
    static boolean hasZero(long a, long high) {
        return (a - lowest(high, high) & ~a & high) != 0;
    }

    /** Mask of the lanes where a is at least b, both unsigned. */
    static long atLeast(long a, long b, long high) {
        long lower = (a | high) - (b & ~high);
        return spread(a & ~b | ~(a ^ b) & lower, high);
    }

    /** Mask of the lanes where a is at least b, both signed. */
    static long atLeastSigned(long a, long b, long high) {
        return atLeast(a ^ high, b ^ high, high);
    }

    static long select(long mask, long ifSet, long ifClear) {
        return (ifSet ^ ifClear) & mask ^ ifClear;
    }

    static long addSigned(long a, long b, long high) {
        long sum = add(a, b, high);
        return saturate(a, sum, ~(a ^ b) & (a ^ sum), high);
    }

    static long subtractSigned(long a, long b, long high) {
        long difference = subtract(a, b, high);
        return saturate(a, difference, (a ^ b) & (a ^ difference), high);
    }

    /** Where the top bit of a lane of {@code overflow} is set: the limit on a's side of zero. */
    private static long saturate(long a, long value, long overflow, long high) {
        return select(spread(overflow, high), spread(a, high) ^ ~high, value);
    }

    static long addUnsigned(long a, long b, long high) {
        long sum = add(a, b, high);
        return sum | spread(a & b | (a | b) & ~sum, high);
    }

    static long subtractUnsigned(long a, long b, long high) {
        return subtract(a, b, high) & atLeast(a, b, high);
    }

    /** (a + b + 1) / 2. */
    static long average(long a, long b, long high) {
        long lowest = lowest(high, high);
        return subtract(a | b, ((a ^ b) & ~lowest) >>> 1, high);
    }

    static long negateWhere(long mask, long value, long high) {
        return subtract(value ^ mask, mask, high);
    }
}
