package io.scwatcher.cpu.floating;

/** A variable in the double extended-precision format (SDM vol. 1, 4.2.2): sign and 15-bit exponent, 64-bit significand with an explicit integer bit. */
public final class Extended {
    public static final int BIAS = 16383;
    static final int EXPONENT_MASK = 0x7FFF;
    static final int SIGN = 0x8000;
    static final long INTEGER_BIT = 1L << 63;
    static final long QUIET_BIT = 1L << 62;

    /** Bit 15 the sign, bits 14 to 0 the biased exponent. */
    public int signExponent;
    public long significand;

    public Extended set(int signExponent, long significand) {
        this.signExponent = signExponent & 0xFFFF;
        this.significand = significand;
        return this;
    }

    public Extended set(Extended other) {
        return set(other.signExponent, other.significand);
    }

    /** The default answer to an invalid operation: the QNaN floating-point indefinite. */
    public Extended setIndefinite() {
        return set(SIGN | EXPONENT_MASK, INTEGER_BIT | QUIET_BIT);
    }

    public Extended setInfinity(boolean negative) {
        return set(sign(negative) | EXPONENT_MASK, INTEGER_BIT);
    }

    public Extended setZero(boolean negative) {
        return set(sign(negative), 0);
    }

    public Extended setLong(long value) {
        if (value == 0) {
            return setZero(false);
        }
        long magnitude = Math.abs(value);
        int zeros = Long.numberOfLeadingZeros(magnitude);
        return set(sign(value < 0) | BIAS + 63 - zeros, magnitude << zeros);
    }

    /** Widens without rounding and without quieting a signalling NaN. */
    public Extended setFloat(int bits) {
        return widen(bits >>> 16 & SIGN, bits >>> 23 & 0xFF, 0xFF, (long) (bits & 0x7FFFFF) << 40);
    }

    /** Widens without rounding and without quieting a signalling NaN. */
    public Extended setDouble(long bits) {
        return widen((int) (bits >>> 48) & SIGN, (int) (bits >>> 52) & 0x7FF, 0x7FF, (bits & 0xFFFFFFFFFFFFFL) << 11);
    }

    /** @param fraction left-aligned below the integer bit */
    private Extended widen(int sign, int exponent, int maxExponent, long fraction) {
        if (exponent == maxExponent) {
            return set(sign | EXPONENT_MASK, INTEGER_BIT | fraction);
        }
        int unbiased = exponent - (maxExponent >> 1);
        if (exponent != 0) {
            return set(sign | unbiased + BIAS, INTEGER_BIT | fraction);
        }
        if (fraction == 0) {
            return set(sign, 0);
        }
        int zeros = Long.numberOfLeadingZeros(fraction);
        return set(sign | unbiased + 1 + BIAS - zeros, fraction << zeros);
    }

    public boolean isNegative() {
        return (signExponent & SIGN) != 0;
    }

    public boolean isZero() {
        return (signExponent & EXPONENT_MASK) == 0 && significand == 0;
    }

    public boolean isInfinite() {
        return (signExponent & EXPONENT_MASK) == EXPONENT_MASK && significand == INTEGER_BIT;
    }

    public boolean isNaN() {
        return (signExponent & EXPONENT_MASK) == EXPONENT_MASK && significand < 0 && significand != INTEGER_BIT;
    }

    public boolean isSignalling() {
        return isNaN() && (significand & QUIET_BIT) == 0;
    }

    /** Denormal or pseudo-denormal: what raises the denormal-operand exception. */
    public boolean isDenormal() {
        return (signExponent & EXPONENT_MASK) == 0 && significand != 0;
    }

    /** Pseudo-NaN, pseudo-infinity, unnormal: invalid operands since the 387 (SDM vol. 1, table 8-3). */
    public boolean isUnsupported() {
        return (signExponent & EXPONENT_MASK) != 0 && significand >= 0;
    }

    /** The unbiased exponent of a finite number other than zero, as if it were normalized. */
    int exponent() {
        int biased = signExponent & EXPONENT_MASK;
        return biased == 0 ? 1 - BIAS - Long.numberOfLeadingZeros(significand) : biased - BIAS;
    }

    /** The significand of a finite number other than zero, shifted so that its top bit is set. */
    long normalized() {
        return significand << Long.numberOfLeadingZeros(significand);
    }

    static int sign(boolean negative) {
        return negative ? SIGN : 0;
    }

    @Override
    public String toString() {
        return String.format("%04x:%016x", signExponent, significand);
    }
}
