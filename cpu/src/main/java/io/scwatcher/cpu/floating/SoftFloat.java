package io.scwatcher.cpu.floating;

/**
 * The rounding environment of one floating-point operation and what the operation raised. The x87 unit computes everything through it, SSE what
 * Java's arithmetic cannot answer. The steps follow SDM vol. 1, 4.8 and 4.9; tininess is detected after rounding.
 */
public final class SoftFloat {
    /** The exceptions' bits, the same in status word, control word and MXCSR. */
    public static final int INVALID = 1, DENORMAL = 2, ZERO_DIVIDE = 4, OVERFLOW = 8, UNDERFLOW = 16, PRECISION = 32;
    /** Detected before anything is computed: when unmasked, there is no result. */
    public static final int PRE_COMPUTATION = INVALID | DENORMAL | ZERO_DIVIDE;

    /** The rounding control field's values. */
    public static final int NEAREST = 0, DOWN = 1, UP = 2, TRUNCATE = 3;

    /**
     * What the exponent of an x87 result is changed by when its overflow or underflow is unmasked; beyond even that (FSCALE) is infinity or zero
     * (SDM vol. 1, 8.5.4 and 8.5.5).
     */
    private static final int SCALING = 24576;

    Format format = Format.EXTENDED;
    int rounding;
    boolean flushToZero;
    /** How two NaNs become one: SSE takes the first operand, x87 the larger significand (SDM vol. 1, table 4-7). */
    private boolean firstNanWins;
    private int masks;
    private int flags;
    private boolean roundedUp;
    private boolean denormalOperand;

    /** Where every operation leaves its result; as a register would hold it, whatever the format. */
    public final Extended result = new Extended();

    /** Starts an operation of the x87 unit, with the control word's rounding and masks. */
    public SoftFloat beginX87(int control, Format format) {
        return begin(format, control >> 10 & 3, control & 0x3F, false, false);
    }

    /** Starts an operation of SSE, with MXCSR's rounding, masks and flush-to-zero. */
    public SoftFloat beginSse(int mxcsr, Format format) {
        return begin(format, mxcsr >> 13 & 3, mxcsr >> 7 & 0x3F, (mxcsr & 0x8000) != 0, true);
    }

    private SoftFloat begin(Format format, int rounding, int masks, boolean flushToZero, boolean firstNanWins) {
        this.format = format;
        this.rounding = rounding;
        this.masks = masks;
        this.flushToZero = flushToZero;
        this.firstNanWins = firstNanWins;
        flags = 0;
        roundedUp = false;
        denormalOperand = false;
        return this;
    }

    /** For instructions that carry their own rounding. */
    public SoftFloat withRounding(int mode) {
        rounding = mode;
        return this;
    }

    /** Notes that an operand, now widened, is denormal in the format it came from. */
    public void noteDenormalOperand() {
        denormalOperand = true;
    }

    /** The exceptions that the operation raised. */
    public int flags() {
        return flags;
    }

    /** Whether the result's magnitude is larger than the exact one: C1 of the x87 status word. */
    public boolean roundedUp() {
        return roundedUp;
    }

    /** @return whether the exception is unmasked */
    boolean raise(int exception) {
        flags |= exception;
        return (masks & exception) == 0;
    }

    void raiseInvalid() {
        flags |= INVALID;
        result.setIndefinite();
    }

    /** Raises what denormal operands raise. @return whether the operation ends here, unmasked */
    boolean checkDenormal(Extended a, Extended b) {
        return (denormalOperand || a.isDenormal() || b.isDenormal()) && raise(DENORMAL);
    }

    /** Deals with operands that are NaNs or no numbers at all. @return whether the result is decided */
    boolean checkNaN(Extended a, Extended b) {
        if (a.isUnsupported() || b.isUnsupported()) {
            raiseInvalid();
            return true;
        }
        if (!a.isNaN() && !b.isNaN()) {
            return false;
        }
        if (a.isSignalling() || b.isSignalling()) {
            flags |= INVALID;
        }
        Extended winner = !b.isNaN() || a.isNaN() && firstNanWins(a, b) ? a : b;
        result.set(winner.signExponent, winner.significand | Extended.QUIET_BIT);
        return true;
    }

    private boolean firstNanWins(Extended a, Extended b) {
        if (firstNanWins) {
            return true;
        }
        if (a.isSignalling() != b.isSignalling()) {
            return b.isSignalling();
        }
        int order = Long.compareUnsigned(a.significand, b.significand);
        return order > 0 || order == 0 && !a.isNegative();
    }

    /**
     * Rounds (significand + low / 2^64) * 2^(exponent - 63) to the format and leaves it as the result. With unmasked overflow or underflow the exponent is
     * changed so that it fits a register; narrower formats have no result then.
     *
     * @param significand with its top bit set
     * @param low         its top bit is worth half a unit of the significand's last place; whether the others are zero is all that counts
     */
    void round(boolean negative, int exponent, long significand, long low) {
        boolean tiny = exponent < format.minExponent && isTiny(negative, exponent, significand, low);
        if (tiny && flushToZero && (masks & UNDERFLOW) != 0) {
            flags |= UNDERFLOW | PRECISION;
            result.setZero(negative);
            return;
        }
        if (tiny && (masks & UNDERFLOW) == 0) {
            flags |= UNDERFLOW;
            exponent += SCALING;
            tiny = exponent < format.minExponent;
            if (tiny) {
                flags |= PRECISION;
                result.setZero(negative);
                return;
            }
        }
        int drop = 64 - format.precision + (exponent < format.minExponent ? format.minExponent - exponent : 0);
        long kept = drop < 64 ? significand >>> drop : 0;
        long rest = restOf(significand, low, drop);
        boolean up = roundsUp(negative, (kept & 1) != 0, rest);
        kept = (kept + (up ? 1 : 0)) << (64 - format.precision);
        if (exponent < format.minExponent) {
            exponent = format.minExponent;
        } else if (kept == 0) {
            kept = Extended.INTEGER_BIT;
            exponent++;
        }
        if (exponent > format.maxExponent && (flags & UNDERFLOW) == 0) {
            if ((masks & OVERFLOW) != 0) {
                overflow(negative);
                return;
            }
            flags |= OVERFLOW;
            exponent -= SCALING;
            if (exponent > format.maxExponent) {
                flags |= PRECISION;
                roundedUp = true;
                result.setInfinity(negative);
                return;
            }
        }
        roundedUp = up;
        if (rest != 0) {
            flags |= tiny ? UNDERFLOW | PRECISION : PRECISION;
        }
        int biased = kept < 0 || !format.isRegister() ? exponent + Extended.BIAS : 0;
        result.set(Extended.sign(negative) | (kept == 0 ? 0 : biased), kept);
    }

    /** The bits that rounding drops, left-aligned, the lowest of them sticky. */
    private static long restOf(long significand, long low, int drop) {
        if (drop == 0) {
            return low;
        }
        if (drop > 64) {
            return 1;
        }
        return (drop == 64 ? significand : significand << (64 - drop)) | (low != 0 ? 1 : 0);
    }

    private boolean roundsUp(boolean negative, boolean odd, long rest) {
        return switch (rounding) {
            case NEAREST -> rest < 0 && (odd || rest != Long.MIN_VALUE);
            case DOWN -> negative && rest != 0;
            case UP -> !negative && rest != 0;
            default -> false;
        };
    }

    /** Whether a number below the smallest normal one stays there when it is rounded with an unbounded exponent. */
    private boolean isTiny(boolean negative, int exponent, long significand, long low) {
        int drop = 64 - format.precision;
        return exponent < format.minExponent - 1
                || ~(significand >> drop) != 0
                || !roundsUp(negative, true, restOf(significand, low, drop));
    }

    /** The magnitude of a finite number other than zero with an exponent below 64, rounded to an integer; may wrap to zero at 2^64. */
    long roundMagnitude(Extended a, boolean reportInexact) {
        int drop = 63 - a.exponent();
        long kept = drop < 64 ? a.normalized() >>> drop : 0;
        long rest = restOf(a.normalized(), 0, drop);
        roundedUp = roundsUp(a.isNegative(), (kept & 1) != 0, rest);
        if (rest != 0 && reportInexact) {
            flags |= PRECISION;
        }
        return roundedUp ? kept + 1 : kept;
    }

    void replaceFlags(int flags) {
        this.flags = flags;
        roundedUp = false;
    }

    private void overflow(boolean negative) {
        flags |= OVERFLOW | PRECISION;
        roundedUp = rounding == NEAREST || rounding == (negative ? DOWN : UP);
        if (roundedUp) {
            result.setInfinity(negative);
        } else {
            result.set(Extended.sign(negative) | format.maxExponent + Extended.BIAS, -1L << (64 - format.precision));
        }
    }

    /** The result's bits in single precision, if that was the format. */
    public int singleBits() {
        return (int) narrow(8, 23);
    }

    /** The result's bits in double precision, if that was the format. */
    public long doubleBits() {
        return narrow(11, 52);
    }

    private long narrow(int exponentBits, int fractionBits) {
        long sign = (result.isNegative() ? 1L : 0L) << (exponentBits + fractionBits);
        long fraction = result.significand << 1 >>> (64 - fractionBits);
        int exponent = result.signExponent & Extended.EXPONENT_MASK;
        int max = (1 << exponentBits) - 1;
        if (exponent == Extended.EXPONENT_MASK) {
            return sign | (long) max << fractionBits | fraction;
        }
        int biased = result.significand < 0 ? exponent - Extended.BIAS + (max >> 1) : 0;
        return sign | (long) biased << fractionBits | fraction;
    }
}
