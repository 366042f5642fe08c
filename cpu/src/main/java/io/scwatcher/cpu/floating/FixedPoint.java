package io.scwatcher.cpu.floating;

import static java.math.BigInteger.ONE;

import java.math.BigInteger;

/**
 * Series in fixed point: every number is a {@link BigInteger} with {@link #BITS} bits behind the binary point. That is three times what the widest
 * significand holds, so the result, rounded once more, is the correctly rounded one but for cases too rare to meet.
 */
final class FixedPoint {
    static final int BITS = 192;
    static final BigInteger UNIT = ONE.shiftLeft(BITS);

    private static final BigInteger BELOW_UNIT = UNIT.subtract(ONE);

    static final BigInteger LN2 = ln2();
    static final BigInteger PI = pi();

    private FixedPoint() {
    }

    static BigInteger multiply(BigInteger a, BigInteger b) {
        return a.multiply(b).shiftRight(BITS);
    }

    static BigInteger divide(BigInteger a, BigInteger b) {
        return a.shiftLeft(BITS).divide(b);
    }

    /** sin(x) / x, by the square of x, which is below 1. Always below 1, however small x is. */
    static BigInteger sineOverArgument(BigInteger square) {
        return alternating(square, 2).min(BELOW_UNIT);
    }

    static BigInteger cosine(BigInteger square) {
        return alternating(square, 1).min(BELOW_UNIT);
    }

    /** 1 - square / (n (n+1)) (1 - square / ((n+2)(n+3)) (1 - ...)). */
    private static BigInteger alternating(BigInteger square, int n) {
        BigInteger sum = UNIT;
        BigInteger term = UNIT;
        for (int i = n; term.signum() != 0; i += 2) {
            term = multiply(term, square).divide(BigInteger.valueOf((long) i * (i + 1))).negate();
            sum = sum.add(term);
        }
        return sum;
    }

    /** (e^x - 1) / x, for x between -1 and 1. */
    static BigInteger exponentialOverArgument(BigInteger x) {
        BigInteger sum = UNIT;
        BigInteger term = UNIT;
        for (int i = 2; term.bitLength() > 1; i++) {
            term = multiply(term, x).divide(BigInteger.valueOf(i));
            sum = sum.add(term);
        }
        return sum;
    }

    /** artanh(z) / z, by the square of z, below 1/4; for a negative square arctan(z) / z. */
    static BigInteger inverseTangentOverArgument(BigInteger square) {
        BigInteger sum = UNIT;
        BigInteger power = UNIT;
        for (int i = 3; power.bitLength() > 1; i += 2) {
            power = multiply(power, square);
            sum = sum.add(power.divide(BigInteger.valueOf(i)));
        }
        return sum;
    }

    /** arctan(t) / t for t from 0 to 1: halves the angle twice, so that the series converges fast. Always below 1. */
    static BigInteger arctangentOverArgument(BigInteger tangent) {
        BigInteger factor = UNIT;
        BigInteger t = tangent;
        for (int i = 0; i < 2; i++) {
            BigInteger denominator = UNIT.add(UNIT.multiply(UNIT).add(t.multiply(t)).sqrt());
            t = divide(t, denominator);
            factor = divide(factor.shiftLeft(1), denominator);
        }
        return multiply(factor, inverseTangentOverArgument(multiply(t, t).negate())).min(BELOW_UNIT);
    }

    /** The binary logarithm of mantissa * 2^exponent, the mantissa from 3/4 to 3/2. */
    static BigInteger binaryLogarithm(BigInteger mantissa, int exponent) {
        BigInteger ratio = divide(mantissa.subtract(UNIT), mantissa.add(UNIT));
        BigInteger artanh = multiply(ratio, inverseTangentOverArgument(multiply(ratio, ratio)));
        return divide(artanh.shiftLeft(1), LN2).add(BigInteger.valueOf(exponent).shiftLeft(BITS));
    }

    private static BigInteger ln2() {
        BigInteger third = UNIT.divide(BigInteger.valueOf(3));
        return multiply(third.shiftLeft(1), inverseTangentOverArgument(multiply(third, third)));
    }

    /** Machin's formula. */
    private static BigInteger pi() {
        return arctanOfInverse(5).shiftLeft(4).subtract(arctanOfInverse(239).shiftLeft(2));
    }

    private static BigInteger arctanOfInverse(int n) {
        BigInteger z = UNIT.divide(BigInteger.valueOf(n));
        return multiply(z, inverseTangentOverArgument(multiply(z, z).negate()));
    }
}
