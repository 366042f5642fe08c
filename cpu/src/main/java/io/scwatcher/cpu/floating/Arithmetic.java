package io.scwatcher.cpu.floating;

/** Addition, subtraction, multiplication, division, square root: the operations whose result is the exact one, rounded once. */
public final class Arithmetic {
    private Arithmetic() {
    }

    public static void add(SoftFloat f, Extended a, Extended b) {
        sum(f, a, b, b.isNegative());
    }

    public static void subtract(SoftFloat f, Extended a, Extended b) {
        sum(f, a, b, !b.isNegative());
    }

    /** @param negative the sign with which b is added */
    private static void sum(SoftFloat f, Extended a, Extended b, boolean negative) {
        if (f.checkNaN(a, b)) {
            return;
        }
        boolean opposite = a.isNegative() != negative;
        if (a.isInfinite() && b.isInfinite() && opposite) {
            f.raiseInvalid();
        } else if (f.checkDenormal(a, b)) {
            return;
        } else if (a.isInfinite() || b.isInfinite()) {
            f.result.setInfinity(a.isInfinite() ? a.isNegative() : negative);
        } else if (a.isZero() && b.isZero()) {
            f.result.setZero(opposite ? f.rounding == SoftFloat.DOWN : negative);
        } else if (b.isZero()) {
            f.round(a.isNegative(), a.exponent(), a.normalized(), 0);
        } else if (a.isZero()) {
            f.round(negative, b.exponent(), b.normalized(), 0);
        } else if (isLarger(a, b)) {
            finiteSum(f, a, b, a.isNegative(), opposite);
        } else {
            finiteSum(f, b, a, negative, opposite);
        }
    }

    private static boolean isLarger(Extended a, Extended b) {
        int order = Integer.compare(a.exponent(), b.exponent());
        return order > 0 || order == 0 && Long.compareUnsigned(a.normalized(), b.normalized()) >= 0;
    }

    private static void finiteSum(SoftFloat f, Extended large, Extended small, boolean negative, boolean opposite) {
        int exponent = large.exponent();
        int shift = exponent - small.exponent();
        long high = large.normalized();
        long addend = small.normalized();
        long addendHigh = shift < 64 ? addend >>> shift : 0;
        long addendLow = shift == 0 ? 0 : shift <= 64 ? addend << -shift : shiftRightSticky(addend, shift - 64);
        if (!opposite) {
            long sum = high + addendHigh;
            if (Long.compareUnsigned(sum, high) < 0) {
                f.round(negative, exponent + 1, sum >>> 1 | Extended.INTEGER_BIT, sum << 63 | addendLow >>> 1 | addendLow & 1);
            } else {
                f.round(negative, exponent, sum, addendLow);
            }
            return;
        }
        long low = -addendLow;
        high -= addendHigh + (addendLow != 0 ? 1 : 0);
        if (high == 0 && low == 0) {
            f.result.setZero(f.rounding == SoftFloat.DOWN);
            return;
        }
        int zeros = high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
        if (zeros >= 64) {
            high = low << (zeros - 64);
            low = 0;
        } else if (zeros > 0) {
            high = high << zeros | low >>> -zeros;
            low <<= zeros;
        }
        f.round(negative, exponent - zeros, high, low);
    }

    private static long shiftRightSticky(long value, int count) {
        return count >= 64 ? 1 : value >>> count | (value << -count != 0 ? 1 : 0);
    }

    public static void multiply(SoftFloat f, Extended a, Extended b) {
        if (f.checkNaN(a, b)) {
            return;
        }
        boolean negative = a.isNegative() != b.isNegative();
        if (a.isInfinite() && b.isZero() || a.isZero() && b.isInfinite()) {
            f.raiseInvalid();
        } else if (f.checkDenormal(a, b)) {
            return;
        } else if (a.isInfinite() || b.isInfinite()) {
            f.result.setInfinity(negative);
        } else if (a.isZero() || b.isZero()) {
            f.result.setZero(negative);
        } else {
            long high = Math.unsignedMultiplyHigh(a.normalized(), b.normalized());
            long low = a.normalized() * b.normalized();
            int exponent = a.exponent() + b.exponent();
            if (high < 0) {
                f.round(negative, exponent + 1, high, low);
            } else {
                f.round(negative, exponent, high << 1 | low >>> 63, low << 1);
            }
        }
    }

    public static void divide(SoftFloat f, Extended a, Extended b) {
        if (f.checkNaN(a, b)) {
            return;
        }
        boolean negative = a.isNegative() != b.isNegative();
        if (a.isInfinite() && b.isInfinite() || a.isZero() && b.isZero()) {
            f.raiseInvalid();
        } else if (b.isZero() && !a.isInfinite()) {
            f.result.setInfinity(negative);
            f.raise(SoftFloat.ZERO_DIVIDE);
        } else if (f.checkDenormal(a, b)) {
            return;
        } else if (a.isInfinite()) {
            f.result.setInfinity(negative);
        } else if (a.isZero() || b.isInfinite()) {
            f.result.setZero(negative);
        } else {
            finiteQuotient(f, a, b, negative);
        }
    }

    private static void finiteQuotient(SoftFloat f, Extended a, Extended b, boolean negative) {
        long dividend = a.normalized();
        long divisor = b.normalized();
        int exponent = a.exponent() - b.exponent();
        boolean below = Long.compareUnsigned(dividend, divisor) < 0;
        long high = below ? dividend : dividend >>> 1;
        long low = below ? 0 : dividend << 63;
        long quotient = divide128(high, low, divisor);
        long remainder = low - quotient * divisor;
        boolean overHalf = remainder < 0 || Long.compareUnsigned(remainder << 1, divisor) >= 0;
        f.round(negative, below ? exponent - 1 : exponent, quotient, (overHalf ? Long.MIN_VALUE : 0) | (remainder != 0 ? 1 : 0));
    }

    /**
     * The quotient of 128 by 64 bits, all unsigned, in two steps of 32 bits (Knuth, TAOCP vol. 2, 4.3.1, algorithm D).
     *
     * @param high    smaller than the divisor
     * @param divisor with its top bit set
     */
    static long divide128(long high, long low, long divisor) {
        long upper = digit(high, low >>> 32, divisor);
        long rest = (high << 32 | low >>> 32) - upper * divisor;
        return upper << 32 | digit(rest, low & 0xFFFFFFFFL, divisor);
    }

    /** floor((high * 2^32 + next) / divisor), which fits in 32 bits. */
    private static long digit(long high, long next, long divisor) {
        long top = divisor >>> 32;
        long bottom = divisor & 0xFFFFFFFFL;
        long guess = Long.divideUnsigned(high, top);
        long rest = high - guess * top;
        while (guess >>> 32 != 0 || Long.compareUnsigned(guess * bottom, rest << 32 | next) > 0) {
            guess--;
            rest += top;
            if (rest >>> 32 != 0) {
                break;
            }
        }
        return guess;
    }

    public static void squareRoot(SoftFloat f, Extended a) {
        if (f.checkNaN(a, a)) {
            return;
        }
        if (a.isNegative() && !a.isZero()) {
            f.raiseInvalid();
        } else if (f.checkDenormal(a, a)) {
            return;
        } else if (a.isInfinite() || a.isZero()) {
            f.result.set(a);
        } else {
            finiteRoot(f, a);
        }
    }

    /** The root of a 128-bit number by one step of Zimmermann's recursion (Karatsuba Square Root, 1999). */
    private static void finiteRoot(SoftFloat f, Extended a) {
        boolean odd = (a.exponent() & 1) != 0;
        long high = odd ? a.normalized() : a.normalized() >>> 1;
        long low = odd ? 0 : a.normalized() << 63;
        long upper = rootOf64(high);
        long rest = high - upper * upper;
        long numerator = rest << 31 | low >>> 33;
        long digit = Long.divideUnsigned(numerator, upper);
        long root = upper << 32 | Math.min(digit, 0xFFFFFFFFL);
        while (isSquareAbove(root, high, low)) {
            root--;
        }
        long remainder = low - root * root;
        boolean moreThanRoot = high - Math.unsignedMultiplyHigh(root, root) - (Long.compareUnsigned(low, root * root) < 0 ? 1 : 0) != 0
                || Long.compareUnsigned(remainder, root) > 0;
        f.round(false, a.exponent() >> 1, root, (moreThanRoot ? Long.MIN_VALUE : 0) | (remainder != 0 || moreThanRoot ? 1 : 0));
    }

    private static boolean isSquareAbove(long root, long high, long low) {
        long squareHigh = Math.unsignedMultiplyHigh(root, root);
        int order = Long.compareUnsigned(squareHigh, high);
        return order > 0 || order == 0 && Long.compareUnsigned(root * root, low) > 0;
    }

    private static long rootOf64(long value) {
        long root = (long) Math.sqrt((value >>> 1) * 2.0);
        root = Math.min(root, 0xFFFFFFFFL);
        while (Long.compareUnsigned(root * root, value) > 0) {
            root--;
        }
        while (root < 0xFFFFFFFFL && Long.compareUnsigned((root + 1) * (root + 1), value) <= 0) {
            root++;
        }
        return root;
    }
}
