package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;

/** Division of 128 by 64 bits (SDM vol. 2, DIV and IDIV): schoolbook division in base 2^32 (Knuth, The Art of Computer Programming vol. 2, 4.3.1, algorithm D). */
public final class WideDivision {
    private static final long DIGIT = 0xffff_ffffL;

    private WideDivision() {
    }

    /** The quotient that DIV leaves; raises #DE if there is none of 64 bits. */
    public static long divide(Cpu cpu, long high, long low, long divisor) {
        if (Long.compareUnsigned(high, divisor) >= 0) {
            throw cpu.fault(Access.DIVIDE_ERROR, 0);
        }
        return quotient(high, low, divisor);
    }

    /** The quotient that IDIV leaves; raises #DE if there is none of 64 bits. */
    public static long divideSigned(Cpu cpu, long high, long low, long divisor) {
        boolean negative = high < 0;
        long lowMagnitude = negative ? -low : low;
        long highMagnitude = negative ? ~high + (low == 0 ? 1 : 0) : high;
        long magnitude = divide(cpu, highMagnitude, lowMagnitude, Math.abs(divisor));
        boolean negativeQuotient = negative != divisor < 0;
        if (negativeQuotient ? Long.compareUnsigned(magnitude, Long.MIN_VALUE) > 0 : magnitude < 0) {
            throw cpu.fault(Access.DIVIDE_ERROR, 0);
        }
        return negativeQuotient ? -magnitude : magnitude;
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
