package io.scwatcher.cpu.interpret;

/** Division of 128 by 64 bits, unsigned: schoolbook division in base 2^32 (Knuth, The Art of Computer Programming vol. 2, 4.3.1, algorithm D). */
public final class WideDivision {
    private static final long DIGIT = 0xffff_ffffL;

    private WideDivision() {
    }

    /**
     * {@code (high * 2^64 + low) / divisor}, all unsigned.
     *
     * @param high less than the divisor, so that the quotient fits
     */
    public static long quotient(long high, long low, long divisor) {
        if (high == 0) {
            return Long.divideUnsigned(low, divisor);
        }
        int shift = Long.numberOfLeadingZeros(divisor);
        long v = divisor << shift;
        long u = shift == 0 ? high : high << shift | low >>> 64 - shift;
        long rest = low << shift;
        long upper = digit(u, rest >>> 32, v);
        long u1 = (u << 32 | rest >>> 32) - upper * v;
        long lower = digit(u1, rest & DIGIT, v);
        return upper << 32 | lower;
    }

    /** One digit: {@code (u * 2^32 + next) / v}, v having its top bit set and u being less than v. */
    private static long digit(long u, long next, long v) {
        long vHigh = v >>> 32;
        long vLow = v & DIGIT;
        long q = Long.divideUnsigned(u, vHigh);
        long r = u - q * vHigh;
        while (q > DIGIT || Long.compareUnsigned(q * vLow, r << 32 | next) > 0) {
            q--;
            r += vHigh;
            if (r > DIGIT) {
                break;
            }
        }
        return q;
    }
}
