package io.scwatcher.cpu.floating;

import java.util.Arrays;

/** Between formats: rounding to an integral value, to integers, to narrower formats, to packed decimal; comparison. */
public final class Conversion {
    /** What {@link #compare} answers. */
    public static final int LESS = -1, EQUAL = 0, GREATER = 1, UNORDERED = 2;

    private static final long BCD_LIMIT = 1_000_000_000_000_000_000L;

    private Conversion() {
    }

    /** Rounds to the operation's format: FST m32fp, FST m64fp, CVTSD2SS, and widening, where a signalling NaN becomes quiet. */
    public static void convert(SoftFloat f, Extended a) {
        if (!f.checkNaN(a, a)) {
            f.checkDenormal(a, a);
            narrow(f, a);
        }
    }

    /** As {@link #convert}, but a denormal operand raises nothing: the stores of the x87 unit. */
    public static void store(SoftFloat f, Extended a) {
        if (!f.checkNaN(a, a)) {
            narrow(f, a);
        }
    }

    private static void narrow(SoftFloat f, Extended a) {
        if (a.isZero() || a.isInfinite()) {
            f.result.set(a);
        } else {
            f.round(a.isNegative(), a.exponent(), a.normalized(), 0);
        }
    }

    /**
     * Rounds to an integral value in the same format: FRNDINT, ROUNDSS, ROUNDSD.
     *
     * @param reportInexact false where the instruction suppresses the precision exception
     */
    public static void roundToIntegral(SoftFloat f, Extended a, boolean reportInexact) {
        if (f.checkNaN(a, a) || f.checkDenormal(a, a)) {
            return;
        }
        if (a.isZero() || a.isInfinite() || a.exponent() >= 63) {
            f.result.set(a);
            return;
        }
        long magnitude = f.roundMagnitude(a, reportInexact);
        if (magnitude == 0) {
            f.result.setZero(a.isNegative());
        } else {
            int zeros = Long.numberOfLeadingZeros(magnitude);
            f.result.set(Extended.sign(a.isNegative()) | Extended.BIAS + 63 - zeros, magnitude << zeros);
        }
    }

    /**
     * To a signed integer: FIST, CVTSD2SI and their kin. What does not fit raises invalid.
     *
     * @param bits 16, 32 or 64
     * @return the integer indefinite, the most negative number, if it does not fit
     */
    public static long toInteger(SoftFloat f, Extended a, int bits) {
        long indefinite = Long.MIN_VALUE >> (64 - bits);
        if (a.isZero()) {
            return 0;
        }
        if (a.isUnsupported() || a.isNaN() || a.isInfinite() || a.exponent() >= 64) {
            f.raise(SoftFloat.INVALID);
            return indefinite;
        }
        int before = f.flags();
        long magnitude = f.roundMagnitude(a, true);
        long limit = a.isNegative() ? -indefinite : ~indefinite;
        if (Long.compareUnsigned(magnitude, limit) > 0) {
            f.replaceFlags(before | SoftFloat.INVALID);
            return indefinite;
        }
        return a.isNegative() ? -magnitude : magnitude;
    }

    /** To 18 packed decimal digits: FBSTP. What does not fit raises invalid and becomes the indefinite. */
    public static void toDecimal(SoftFloat f, Extended a, byte[] ten) {
        int before = f.flags();
        boolean number = !a.isUnsupported() && !a.isNaN() && !a.isInfinite() && (a.isZero() || a.exponent() < 63);
        long magnitude = !number || a.isZero() ? 0 : f.roundMagnitude(a, true);
        if (!number || Long.compareUnsigned(magnitude, BCD_LIMIT) >= 0) {
            f.replaceFlags(before | SoftFloat.INVALID);
            indefiniteDecimal(ten);
            return;
        }
        for (int i = 0; i < 9; i++) {
            int pair = (int) (magnitude % 100);
            ten[i] = (byte) (pair / 10 << 4 | pair % 10);
            magnitude /= 100;
        }
        ten[9] = (byte) (a.isNegative() ? 0x80 : 0);
    }

    /** The packed BCD integer indefinite. */
    public static void indefiniteDecimal(byte[] ten) {
        Arrays.fill(ten, (byte) 0);
        ten[7] = (byte) 0xC0;
        ten[8] = (byte) 0xFF;
        ten[9] = (byte) 0xFF;
    }

    /** From 18 packed decimal digits: FBLD. Digits above 9 are not checked, as in the processor. */
    public static void fromDecimal(byte[] ten, Extended to) {
        long magnitude = 0;
        for (int i = 8; i >= 0; i--) {
            magnitude = magnitude * 100 + (ten[i] >> 4 & 15) * 10 + (ten[i] & 15);
        }
        to.setLong(magnitude);
        to.signExponent |= ten[9] < 0 ? Extended.SIGN : 0;
    }

    /**
     * Compares and raises what the operands raise.
     *
     * @param quiet whether a quiet NaN raises nothing: FUCOM, UCOMISD
     */
    public static int compare(SoftFloat f, Extended a, Extended b, boolean quiet) {
        boolean unsupported = a.isUnsupported() || b.isUnsupported();
        if (unsupported || a.isNaN() || b.isNaN()) {
            if (unsupported || !quiet || a.isSignalling() || b.isSignalling()) {
                f.raise(SoftFloat.INVALID);
            }
            return UNORDERED;
        }
        f.checkDenormal(a, b);
        return order(a, b);
    }

    private static int order(Extended a, Extended b) {
        if (a.isZero() && b.isZero()) {
            return EQUAL;
        }
        if (a.isNegative() != b.isNegative()) {
            return a.isNegative() ? LESS : GREATER;
        }
        int exponents = Integer.compare(biased(a), biased(b));
        int magnitudes = exponents != 0 ? exponents : Integer.signum(Long.compareUnsigned(a.significand, b.significand));
        return a.isNegative() ? -magnitudes : magnitudes;
    }

    /** A denormal's exponent is that of the smallest normal number. */
    private static int biased(Extended a) {
        return Math.max(1, a.signExponent & Extended.EXPONENT_MASK);
    }
}
