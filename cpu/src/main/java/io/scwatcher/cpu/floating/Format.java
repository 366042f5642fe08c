package io.scwatcher.cpu.floating;

/** To what a result is rounded: the precision in bits with the integer bit, and the exponents of the smallest and largest normal number. */
public enum Format {
    SINGLE(24, -126, 127),
    DOUBLE(53, -1022, 1023),
    EXTENDED(64, -16382, 16383),
    /** A register rounded to the precision of the x87 control word: the exponent keeps its range. */
    EXTENDED_53(53, -16382, 16383),
    EXTENDED_24(24, -16382, 16383);

    final int precision;
    final int minExponent;
    final int maxExponent;

    Format(int precision, int minExponent, int maxExponent) {
        this.precision = precision;
        this.minExponent = minExponent;
        this.maxExponent = maxExponent;
    }

    /** Whether a number of this format fills an x87 register, where unmasked overflow and underflow deliver a scaled result. */
    boolean isRegister() {
        return maxExponent == EXTENDED.maxExponent;
    }

    /** The format that the precision control of the x87 control word selects (SDM vol. 1, table 8-2); 1 is reserved. */
    public static Format ofPrecisionControl(int control) {
        return switch (control >> 8 & 3) {
            case 0 -> EXTENDED_24;
            case 2 -> EXTENDED_53;
            default -> EXTENDED;
        };
    }
}
