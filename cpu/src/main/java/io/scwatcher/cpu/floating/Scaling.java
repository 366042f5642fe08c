package io.scwatcher.cpu.floating;

/** What works on exponents and exact remainders: FSCALE, FXTRACT, FPREM and FPREM1. */
public final class Scaling {
    /** Beyond the distance between the smallest and the largest number. */
    private static final int MAX_SCALE = 0x10000;

    public static final int PARTIAL = -1, NONE = -2;

    private Scaling() {
    }

    /** a * 2^trunc(b) (SDM vol. 2, FSCALE). */
    public static void scale(SoftFloat f, Extended a, Extended b) {
        if (f.checkNaN(a, b)) {
            return;
        }
        if (b.isInfinite() && (b.isNegative() ? a.isInfinite() : a.isZero())) {
            f.raiseInvalid();
        } else if (f.checkDenormal(a, b)) {
            return;
        } else if (a.isInfinite() || a.isZero()) {
            f.result.set(a);
        } else if (b.isInfinite()) {
            if (b.isNegative()) {
                f.result.setZero(a.isNegative());
            } else {
                f.result.setInfinity(a.isNegative());
            }
        } else {
            f.round(a.isNegative(), a.exponent() + truncated(b), a.normalized(), 0);
        }
    }

    private static int truncated(Extended b) {
        if (b.isZero() || b.exponent() < 0) {
            return 0;
        }
        int magnitude = b.exponent() > 15 ? MAX_SCALE : (int) (b.significand >>> (63 - b.exponent()));
        return b.isNegative() ? -magnitude : magnitude;
    }

    /** Splits a into its exponent, which goes to {@code exponent}, and its significand, the operation's result (SDM vol. 2, FXTRACT). */
    public static void extract(SoftFloat f, Extended a, Extended exponent) {
        if (f.checkNaN(a, a)) {
            exponent.set(f.result);
        } else if (a.isInfinite()) {
            exponent.setInfinity(false);
            f.result.set(a);
        } else if (a.isZero()) {
            f.raise(SoftFloat.ZERO_DIVIDE);
            exponent.setInfinity(true);
            f.result.set(a);
        } else if (!f.checkDenormal(a, a)) {
            exponent.setLong(a.exponent());
            f.result.set(Extended.sign(a.isNegative()) | Extended.BIAS, a.normalized());
        }
    }

    /**
     * The remainder of a / b, or a step towards it.
     *
     * @param nearest FPREM1: the quotient is rounded to nearest; otherwise truncated
     * @return the quotient's low bits; {@link #PARTIAL} if the result is only a step (C2); {@link #NONE} if there is no quotient
     */
    public static int remainder(SoftFloat f, Extended a, Extended b, boolean nearest) {
        if (f.checkNaN(a, b)) {
            return NONE;
        }
        if (a.isInfinite() || b.isZero()) {
            f.raiseInvalid();
            return NONE;
        }
        if (f.checkDenormal(a, b)) {
            return NONE;
        }
        if (a.isZero()) {
            f.result.set(a);
            return 0;
        }
        int distance = b.isInfinite() ? Integer.MIN_VALUE : a.exponent() - b.exponent();
        if (distance < -1 || distance < 0 && !nearest) {
            f.round(a.isNegative(), a.exponent(), a.normalized(), 0);
            return 0;
        }
        int steps = distance < 64 ? distance + 1 : (distance & 31 | 32) + 1;
        return divide(f, a, b, steps, distance - steps + 1, nearest && distance < 64);
    }

    /** Long division for {@code steps} quotient bits, by b * 2^scale. */
    private static int divide(SoftFloat f, Extended a, Extended b, int steps, int scale, boolean nearest) {
        long divisor = b.normalized();
        long rest = steps == 0 ? a.normalized() >>> 1 : a.normalized();
        long lost = steps == 0 ? a.normalized() & 1 : 0;
        long quotient = 0;
        boolean carry = false;
        for (int i = 0; i < steps; i++) {
            if (i > 0) {
                carry = rest < 0;
                rest <<= 1;
            }
            quotient <<= 1;
            if (carry || Long.compareUnsigned(rest, divisor) >= 0) {
                rest -= divisor;
                quotient++;
            }
        }
        boolean negative = a.isNegative();
        int exponent = b.exponent() + scale;
        if (nearest && isAboveHalf(rest, lost, divisor, quotient)) {
            // With no quotient bit at all the rest has one bit below the divisor's last one.
            if (steps == 0) {
                rest = divisor - rest - lost;
                rest = rest << 1 | lost;
                exponent--;
                lost = 0;
            } else {
                rest = divisor - rest;
            }
            negative = !negative;
            quotient++;
        } else if (steps == 0) {
            f.round(negative, a.exponent(), a.normalized(), 0);
            return 0;
        }
        if (rest == 0) {
            f.result.setZero(a.isNegative());
        } else {
            int zeros = Long.numberOfLeadingZeros(rest);
            f.round(negative, exponent - zeros, rest << zeros, 0);
        }
        return scale > 0 ? PARTIAL : (int) quotient & 7;
    }

    private static boolean isAboveHalf(long rest, long lost, long divisor, long quotient) {
        if (rest < 0) {
            return true;
        }
        int order = Long.compareUnsigned(rest << 1 | lost, divisor);
        return order > 0 || order == 0 && (quotient & 1) != 0;
    }
}
