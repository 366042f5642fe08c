package io.scwatcher.cpu.floating;

import static io.scwatcher.cpu.floating.FixedPoint.BITS;
import static io.scwatcher.cpu.floating.FixedPoint.UNIT;

import java.math.BigInteger;

/**
 * The transcendental instructions of the x87 unit (SDM vol. 1, 8.3.10), rounded correctly in every rounding mode. The manual promises an error below
 * one unit in the last place, so a processor may differ in the last bit. Sine, cosine and tangent reduce their argument by pi rounded to 66 bits, as
 * processors do (SDM vol. 1, 8.3.8).
 */
public final class Transcendental {
    /** Half of pi with 66 significant bits, in units of 2^-65. */
    private static final BigInteger HALF_PI_66 = FixedPoint.PI.shiftRight(BITS - 64);
    private static final int HALF_PI_SCALE = 65;

    private Transcendental() {
    }

    /** Whether FSIN, FCOS, FSINCOS and FPTAN leave the operand alone and set C2. */
    public static boolean isOutOfRange(Extended a) {
        return !a.isUnsupported() && !a.isNaN() && !a.isInfinite() && !a.isZero() && a.exponent() >= 63;
    }

    public static void sine(SoftFloat f, Extended a) {
        if (trigonometricSpecial(f, a)) {
            return;
        }
        if (a.isZero()) {
            f.result.set(a);
            return;
        }
        Angle angle = Angle.of(a);
        deliverTrigonometric(f, angle, (angle.quadrant & 1) != 0, angle.isSineNegative());
    }

    public static void cosine(SoftFloat f, Extended a) {
        if (trigonometricSpecial(f, a)) {
            return;
        }
        if (a.isZero()) {
            f.result.setLong(1);
            return;
        }
        Angle angle = Angle.of(a);
        deliverTrigonometric(f, angle, (angle.quadrant & 1) == 0, angle.isCosineNegative());
    }

    private static void deliverTrigonometric(SoftFloat f, Angle angle, boolean cosine, boolean negative) {
        if (cosine) {
            deliver(f, negative, FixedPoint.cosine(angle.square()), BITS);
        } else {
            deliver(f, negative, FixedPoint.sineOverArgument(angle.square()).multiply(angle.magnitude), BITS + angle.scale);
        }
    }

    public static void tangent(SoftFloat f, Extended a) {
        if (trigonometricSpecial(f, a)) {
            return;
        }
        if (a.isZero()) {
            f.result.set(a);
            return;
        }
        Angle angle = Angle.of(a);
        BigInteger sine = FixedPoint.sineOverArgument(angle.square()).multiply(angle.magnitude);
        BigInteger cosine = FixedPoint.cosine(angle.square());
        boolean negative = angle.isSineNegative() != angle.isCosineNegative();
        if ((angle.quadrant & 1) == 0) {
            deliver(f, negative, sine.shiftLeft(BITS).divide(cosine), BITS + angle.scale);
        } else {
            int scale = BITS + sine.bitLength();
            deliver(f, negative, cosine.shiftLeft(scale).divide(sine), scale - angle.scale);
        }
    }

    private static boolean trigonometricSpecial(SoftFloat f, Extended a) {
        if (f.checkNaN(a, a)) {
            return true;
        }
        if (a.isInfinite()) {
            f.raiseInvalid();
            return true;
        }
        return f.checkDenormal(a, a);
    }

    /** 2^a - 1 for a between -1 and 1; outside, where the manual leaves the result open, a itself. */
    public static void exponential(SoftFloat f, Extended a) {
        if (f.checkNaN(a, a) || f.checkDenormal(a, a)) {
            return;
        }
        if (a.isInfinite() && a.isNegative()) {
            f.result.setLong(-1);
        } else if (a.isZero() || a.isInfinite() || a.exponent() >= 0) {
            boolean minusOne = a.signExponent == (Extended.SIGN | Extended.BIAS) && a.significand == Extended.INTEGER_BIT;
            f.result.set(minusOne ? a.signExponent - 1 : a.signExponent, a.significand);
            if (!a.isZero() && !a.isInfinite()) {
                f.raise(SoftFloat.PRECISION);
            }
        } else {
            BigInteger logarithm = multiplyFixed(a, FixedPoint.LN2);
            BigInteger factor = FixedPoint.exponentialOverArgument(logarithm);
            deliver(f, a.isNegative(), FixedPoint.multiply(FixedPoint.LN2, factor).multiply(unsigned(a.normalized())), BITS + 63 - a.exponent());
        }
    }

    /** y * log2(x). */
    public static void logarithm(SoftFloat f, Extended y, Extended x) {
        if (f.checkNaN(x, y)) {
            return;
        }
        boolean one = isOne(x);
        if (x.isNegative() && !x.isZero() || x.isZero() && y.isZero() || x.isInfinite() && y.isZero() || one && y.isInfinite()) {
            f.raiseInvalid();
        } else if (x.isZero() && !y.isInfinite()) {
            f.result.setInfinity(!y.isNegative());
            f.raise(SoftFloat.ZERO_DIVIDE);
        } else if (f.checkDenormal(x, y)) {
            return;
        } else if (x.isZero() || x.isInfinite() || y.isInfinite()) {
            boolean below = x.isZero() || !x.isInfinite() && x.exponent() < 0;
            f.result.setInfinity(y.isNegative() != below);
        } else if (y.isZero() || one) {
            f.result.setZero(y.isNegative() != x.exponent() < 0);
        } else {
            finiteLogarithm(f, y, x);
        }
    }

    private static boolean isOne(Extended a) {
        return a.signExponent == Extended.BIAS && a.significand == Extended.INTEGER_BIT;
    }

    private static void finiteLogarithm(SoftFloat f, Extended y, Extended x) {
        deliverLogarithm(f, y, unsigned(x.normalized()).shiftLeft(BITS - 63), x.exponent());
    }

    /** @param mantissa from 1 to 2 */
    private static void deliverLogarithm(SoftFloat f, Extended y, BigInteger mantissa, int exponent) {
        if (mantissa.equals(UNIT)) {
            Arithmetic.multiply(f, y, new Extended().setLong(exponent));
            f.raise(f.result.isDenormal() ? SoftFloat.PRECISION | SoftFloat.UNDERFLOW : SoftFloat.PRECISION);
            return;
        }
        boolean upper = mantissa.testBit(BITS - 1);
        BigInteger logarithm = FixedPoint.binaryLogarithm(upper ? mantissa.shiftRight(1) : mantissa, upper ? exponent + 1 : exponent);
        boolean negative = y.isNegative() != logarithm.signum() < 0;
        deliver(f, negative, logarithm.abs().multiply(unsigned(y.normalized())), BITS + 63 - y.exponent());
    }

    /** y * log2(x + 1). Outside the range that the manual defines it is the formula's value as far as there is one, else x, as AMD's processors have it. */
    public static void logarithmPlusOne(SoftFloat f, Extended y, Extended x) {
        if (f.checkNaN(x, y)) {
            return;
        }
        if (x.isInfinite() && x.isNegative() || x.isZero() && y.isInfinite() || x.isInfinite() && y.isZero()) {
            f.raiseInvalid();
        } else if (f.checkDenormal(x, y)) {
            return;
        } else if (x.isInfinite() || y.isInfinite()) {
            f.result.setInfinity(y.isNegative() != x.isNegative());
        } else if (x.isZero() || y.isZero()) {
            f.result.setZero(y.isNegative() != x.isNegative());
        } else if (x.isNegative() && x.exponent() >= 0) {
            f.result.set(x);
            f.raise(SoftFloat.PRECISION);
        } else if (x.exponent() >= 64) {
            finiteLogarithm(f, y, x);
        } else if (x.exponent() >= -1) {
            BigInteger sum = UNIT.add(fixed(x));
            int exponent = sum.bitLength() - 1 - BITS;
            deliverLogarithm(f, y, shift(sum, -exponent), exponent);
        } else {
            smallLogarithmPlusOne(f, y, x);
        }
    }

    /** artanh(x / (2 + x)) * 2 / ln 2, with x kept apart as a factor, so that a tiny x keeps its precision. */
    private static void smallLogarithmPlusOne(SoftFloat f, Extended y, Extended x) {
        BigInteger sum = UNIT.shiftLeft(1).add(fixed(x));
        BigInteger ratio = FixedPoint.divide(fixed(x), sum);
        BigInteger series = FixedPoint.inverseTangentOverArgument(FixedPoint.multiply(ratio, ratio));
        BigInteger factor = FixedPoint.divide(FixedPoint.divide(series.shiftLeft(1), FixedPoint.LN2), sum);
        BigInteger product = factor.multiply(unsigned(x.normalized())).multiply(unsigned(y.normalized()));
        deliver(f, y.isNegative() != x.isNegative(), product, BITS + 126 - x.exponent() - y.exponent());
    }

    /** The angle of the point (x, y). */
    public static void arctangent(SoftFloat f, Extended y, Extended x) {
        if (f.checkNaN(x, y) || f.checkDenormal(x, y)) {
            return;
        }
        boolean negative = y.isNegative();
        if (y.isInfinite()) {
            deliver(f, negative, x.isInfinite() ? FixedPoint.PI.multiply(BigInteger.valueOf(x.isNegative() ? 3 : 1)) : FixedPoint.PI.shiftLeft(1), BITS + 2);
        } else if (y.isZero() || x.isInfinite()) {
            if (x.isNegative()) {
                deliver(f, negative, FixedPoint.PI, BITS);
            } else {
                f.result.setZero(negative);
            }
        } else if (x.isZero()) {
            deliver(f, negative, FixedPoint.PI, BITS + 1);
        } else {
            finiteArctangent(f, y, x);
        }
    }

    private static void finiteArctangent(SoftFloat f, Extended y, Extended x) {
        int distance = y.exponent() - x.exponent();
        boolean steep = distance > 0 || distance == 0 && Long.compareUnsigned(y.normalized(), x.normalized()) > 0;
        BigInteger opposite = unsigned((steep ? x : y).normalized());
        BigInteger adjacent = unsigned((steep ? y : x).normalized());
        int scale = BITS + Math.abs(distance);
        BigInteger tangent = opposite.shiftLeft(BITS).divide(adjacent);
        BigInteger angle = FixedPoint.arctangentOverArgument(tangent.shiftRight(Math.min(scale - BITS, 4 * BITS))).multiply(tangent);
        scale += BITS;
        if (steep || x.isNegative()) {
            int excess = scale - 2 * BITS;
            BigInteger small = excess > BITS ? BigInteger.ONE : angle.shiftRight(excess);
            BigInteger base = FixedPoint.PI.shiftLeft(BITS - (steep ? 1 : 0));
            angle = steep == x.isNegative() ? base.add(small) : base.subtract(small);
            scale = 2 * BITS;
        }
        deliver(f, y.isNegative(), angle, scale);
    }

    /** Rounds magnitude * 2^-scale, known to be inexact. */
    private static void deliver(SoftFloat f, boolean negative, BigInteger magnitude, int scale) {
        int length = magnitude.bitLength();
        BigInteger bits = length > 128 ? magnitude.shiftRight(length - 128) : magnitude.shiftLeft(128 - length);
        f.round(negative, length - 1 - scale, bits.shiftRight(64).longValue(), bits.longValue() | 1);
    }

    private static BigInteger unsigned(long value) {
        BigInteger signed = BigInteger.valueOf(value & Long.MAX_VALUE);
        return value < 0 ? signed.setBit(63) : signed;
    }

    /** A finite number in fixed point, truncated. */
    private static BigInteger fixed(Extended a) {
        return multiplyFixed(a, UNIT);
    }

    private static BigInteger multiplyFixed(Extended a, BigInteger factor) {
        int shift = Math.max(a.exponent() - 63, -4 * BITS);
        BigInteger magnitude = shift(unsigned(a.normalized()).multiply(factor), shift);
        return a.isNegative() ? magnitude.negate() : magnitude;
    }

    private static BigInteger shift(BigInteger value, int left) {
        return left >= 0 ? value.shiftLeft(left) : value.shiftRight(-left);
    }

    /** An argument reduced to magnitude * 2^-scale between 0 and pi / 4, and the quadrant it was in. */
    private record Angle(BigInteger magnitude, int scale, int quadrant, boolean reflected, boolean negative) {
        static Angle of(Extended a) {
            int scale = 63 - a.exponent();
            if (a.exponent() < -1) {
                return new Angle(unsigned(a.normalized()), scale, 0, false, a.isNegative());
            }
            int common = Math.max(scale, HALF_PI_SCALE);
            BigInteger period = HALF_PI_66.shiftLeft(common - HALF_PI_SCALE);
            BigInteger[] quotient = unsigned(a.normalized()).shiftLeft(common - scale).divideAndRemainder(period);
            boolean reflected = quotient[1].shiftLeft(1).compareTo(period) > 0;
            BigInteger magnitude = reflected ? period.subtract(quotient[1]) : quotient[1];
            int quadrant = (quotient[0].intValue() + (reflected ? 1 : 0)) & 3;
            return new Angle(magnitude, common, quadrant, reflected, a.isNegative());
        }

        BigInteger square() {
            return shift(magnitude.multiply(magnitude), Math.max(BITS - 2 * scale, -8 * BITS));
        }

        boolean isSineNegative() {
            boolean odd = (quadrant & 1) != 0;
            boolean wholeNegative = odd ? quadrant == 3 : (quadrant == 2) != reflected;
            return wholeNegative != negative;
        }

        boolean isCosineNegative() {
            boolean odd = (quadrant & 1) != 0;
            return odd ? (quadrant == 1) != reflected : quadrant == 2;
        }
    }
}
