package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.floating.Conversion;
import io.scwatcher.cpu.floating.Extended;
import io.scwatcher.cpu.floating.Format;
import io.scwatcher.cpu.floating.SoftFloat;

/** The conversions of SSE on one lane, as {@link SseArithmetic}; rounding to integral values; and the approximations. */
public final class SseConvert {
    private SseConvert() {
    }

    public static long cvtss2sd(Cpu cpu, int a) {
        float x = Float.intBitsToFloat(a);
        if (SseArithmetic.isNormal(x) || x == 0) {
            return Double.doubleToRawLongBits(x);
        }
        SoftFloat f = cpu.x87.soft.beginSse(cpu.mxcsr, Format.DOUBLE);
        Conversion.convert(f, SseArithmetic.widen(cpu, f, a, cpu.x87.memoryOperand));
        cpu.mxcsr |= f.flags();
        return f.doubleBits();
    }

    public static int cvtsd2ss(Cpu cpu, long a) {
        double x = Double.longBitsToDouble(a);
        float narrow = (float) x;
        if ((cpu.mxcsr & SseArithmetic.ROUNDING) == 0 && (SseArithmetic.isNormal(narrow) || x == 0)
                && (narrow == x || (cpu.mxcsr & SseArithmetic.PRECISION) != 0)) {
            return Float.floatToRawIntBits(narrow);
        }
        SoftFloat f = cpu.x87.soft.beginSse(cpu.mxcsr, Format.SINGLE);
        Conversion.convert(f, SseArithmetic.widen(cpu, f, a, cpu.x87.memoryOperand));
        cpu.mxcsr |= f.flags();
        return f.singleBits();
    }

    /** @param a a doubleword or a quadword, sign-extended */
    public static long cvtsi2sd(Cpu cpu, long a) {
        if (Math.abs(a) <= 1L << 53 && a != Long.MIN_VALUE || (cpu.mxcsr & (SseArithmetic.ROUNDING | SseArithmetic.PRECISION)) == SseArithmetic.PRECISION) {
            return Double.doubleToRawLongBits(a);
        }
        return fromInteger(cpu, a, Format.DOUBLE).doubleBits();
    }

    /** @param a a doubleword or a quadword, sign-extended */
    public static int cvtsi2ss(Cpu cpu, long a) {
        return Math.abs(a) <= 1L << 24 && a != Long.MIN_VALUE ? Float.floatToRawIntBits(a) : fromInteger(cpu, a, Format.SINGLE).singleBits();
    }

    private static SoftFloat fromInteger(Cpu cpu, long a, Format format) {
        SoftFloat f = cpu.x87.soft.beginSse(cpu.mxcsr, format);
        Conversion.convert(f, cpu.x87.memoryOperand.setLong(a));
        cpu.mxcsr |= f.flags();
        return f;
    }

    /** @param bits 32 or 64 @return sign-extended */
    public static long cvtsd2si(Cpu cpu, long a, int bits) {
        return toInteger(cpu, SseArithmetic.flushed(cpu, a), bits, cpu.mxcsr >> 13 & 3);
    }

    public static long cvttsd2si(Cpu cpu, long a, int bits) {
        double x = Double.longBitsToDouble(a);
        long integer = (long) x;
        if (Math.abs(x) < 1L << bits - 2 && (integer == x || (cpu.mxcsr & SseArithmetic.PRECISION) != 0)) {
            return integer;
        }
        return toInteger(cpu, SseArithmetic.flushed(cpu, a), bits, SoftFloat.TRUNCATE);
    }

    public static long cvtss2si(Cpu cpu, int a, int bits) {
        return toInteger(cpu, single(cpu, a), bits, cpu.mxcsr >> 13 & 3);
    }

    public static long cvttss2si(Cpu cpu, int a, int bits) {
        return toInteger(cpu, single(cpu, a), bits, SoftFloat.TRUNCATE);
    }

    /** As a double; that a NaN may become quiet makes no difference to an integer. */
    private static long single(Cpu cpu, int a) {
        return Double.doubleToRawLongBits(Float.intBitsToFloat(SseArithmetic.flushed(cpu, a)));
    }

    private static long toInteger(Cpu cpu, long a, int bits, int rounding) {
        SoftFloat f = cpu.x87.soft.beginSse(cpu.mxcsr, Format.EXTENDED).withRounding(rounding);
        long result = Conversion.toInteger(f, cpu.x87.memoryOperand.setDouble(a), bits);
        cpu.mxcsr |= f.flags();
        return result;
    }

    /** @param control bits 0 to 1 rounding, bit 2 MXCSR's rounding instead, bit 3 no precision exception */
    public static long roundsd(Cpu cpu, long a, int control) {
        SoftFloat f = cpu.x87.soft.beginSse(cpu.mxcsr, Format.DOUBLE);
        round(cpu, f, cpu.x87.memoryOperand.setDouble(SseArithmetic.flushed(cpu, a)), control);
        return f.doubleBits();
    }

    public static int roundss(Cpu cpu, int a, int control) {
        SoftFloat f = cpu.x87.soft.beginSse(cpu.mxcsr, Format.SINGLE);
        round(cpu, f, cpu.x87.memoryOperand.setFloat(SseArithmetic.flushed(cpu, a)), control);
        return f.singleBits();
    }

    private static void round(Cpu cpu, SoftFloat f, Extended a, int control) {
        Conversion.roundToIntegral((control & 4) == 0 ? f.withRounding(control & 3) : f, a, (control & 8) == 0);
        cpu.mxcsr |= f.flags();
    }

    /**
     * The reciprocal, rounded to single precision: more than the 12 bits that the manual promises (relative error at most 1.5 * 2^-12), of which
     * every processor makes its own. Raises nothing; a denormal is zero on both sides.
     */
    public static int rcpss(int a) {
        return approximate(a, 1.0 / Float.intBitsToFloat(zeroIfDenormal(a)));
    }

    /** The reciprocal square root, likewise. */
    public static int rsqrtss(int a) {
        int operand = zeroIfDenormal(a);
        return approximate(a, operand == Integer.MIN_VALUE ? Double.NEGATIVE_INFINITY : 1.0 / Math.sqrt(Float.intBitsToFloat(operand)));
    }

    private static int zeroIfDenormal(int bits) {
        return SseArithmetic.isDenormal(bits) ? bits & Integer.MIN_VALUE : bits;
    }

    private static int approximate(int a, double result) {
        float x = Float.intBitsToFloat(a);
        if (x != x) {
            return a | 1 << 22;
        }
        return result != result ? 0xFFC0_0000 : zeroIfDenormal(Float.floatToRawIntBits((float) result));
    }
}
