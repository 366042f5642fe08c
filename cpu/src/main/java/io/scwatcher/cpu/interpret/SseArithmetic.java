package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.floating.Arithmetic;
import io.scwatcher.cpu.floating.Extended;
import io.scwatcher.cpu.floating.Format;
import io.scwatcher.cpu.floating.SoftFloat;

/**
 * The arithmetic of SSE on one lane: destination, source, result, as bits; exceptions go to MXCSR (SDM vol. 1, 11.5.2). Java's own arithmetic answers where it must
 * be right: rounding to nearest, normal operands and result, and the precision flag known, since it is set already or the result is provably exact.
 * {@link SoftFloat} does the rest.
 */
public final class SseArithmetic {
    /** Bits of MXCSR. */
    static final int PRECISION = 0x20, DENORMALS_ARE_ZEROS = 0x40, ROUNDING = 0x6000;

    private SseArithmetic() {
    }

    private interface Operation {
        void apply(SoftFloat f, Extended a, Extended b);
    }

    public static long addsd(Cpu cpu, long a, long b) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double sum = x + y;
        return isPlain(cpu, x, y) && (isNormal(sum) || sum == 0) && ((cpu.mxcsr & PRECISION) != 0 || isExactSum(x, y, sum))
                ? Double.doubleToRawLongBits(sum) : slow(cpu, a, b, Arithmetic::add);
    }

    public static long subsd(Cpu cpu, long a, long b) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double difference = x - y;
        return isPlain(cpu, x, y) && (isNormal(difference) || difference == 0) && ((cpu.mxcsr & PRECISION) != 0 || isExactSum(x, -y, difference))
                ? Double.doubleToRawLongBits(difference) : slow(cpu, a, b, Arithmetic::subtract);
    }

    public static long mulsd(Cpu cpu, long a, long b) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double product = x * y;
        return isPlain(cpu, x, y) && (isNormal(product) ? (cpu.mxcsr & PRECISION) != 0 || isExactProduct(a, b) : x == 0 || y == 0)
                ? Double.doubleToRawLongBits(product) : slow(cpu, a, b, Arithmetic::multiply);
    }

    public static long divsd(Cpu cpu, long a, long b) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double quotient = x / y;
        long bits = Double.doubleToRawLongBits(quotient);
        return isPlain(cpu, x, y) && (isNormal(quotient) ? (cpu.mxcsr & PRECISION) != 0 || isExactProduct(bits, b) && quotient * y == x : x == 0 && y != 0)
                ? bits : slow(cpu, a, b, Arithmetic::divide);
    }

    /** The root of the source. */
    public static long sqrtsd(Cpu cpu, long a, long b) {
        double x = Double.longBitsToDouble(b);
        double root = Math.sqrt(x);
        long bits = Double.doubleToRawLongBits(root);
        return isPlain(cpu, x, x) && (x == 0 || x > 0 && ((cpu.mxcsr & PRECISION) != 0 || isExactProduct(bits, bits) && root * root == x))
                ? bits : slow(cpu, b, b, (f, p, q) -> Arithmetic.squareRoot(f, p));
    }

    public static int addss(Cpu cpu, int a, int b) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float sum = x + y;
        return isPlain(cpu, x, y) && (isNormal(sum) || sum == 0) && ((cpu.mxcsr & PRECISION) != 0 || isExactSum(x, y, sum))
                ? Float.floatToRawIntBits(sum) : slow(cpu, a, b, Arithmetic::add);
    }

    public static int subss(Cpu cpu, int a, int b) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float difference = x - y;
        return isPlain(cpu, x, y) && (isNormal(difference) || difference == 0) && ((cpu.mxcsr & PRECISION) != 0 || isExactSum(x, -y, difference))
                ? Float.floatToRawIntBits(difference) : slow(cpu, a, b, Arithmetic::subtract);
    }

    public static int mulss(Cpu cpu, int a, int b) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float product = x * y;
        return isPlain(cpu, x, y) && (isNormal(product) ? (cpu.mxcsr & PRECISION) != 0 || (double) x * y == product : x == 0 || y == 0)
                ? Float.floatToRawIntBits(product) : slow(cpu, a, b, Arithmetic::multiply);
    }

    public static int divss(Cpu cpu, int a, int b) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float quotient = x / y;
        return isPlain(cpu, x, y) && (isNormal(quotient) ? (cpu.mxcsr & PRECISION) != 0 || (double) quotient * y == x : x == 0 && y != 0)
                ? Float.floatToRawIntBits(quotient) : slow(cpu, a, b, Arithmetic::divide);
    }

    /** The root of the source. */
    public static int sqrtss(Cpu cpu, int a, int b) {
        float x = Float.intBitsToFloat(b);
        float root = (float) Math.sqrt(x);
        return isPlain(cpu, x, x) && (x == 0 || x > 0 && ((cpu.mxcsr & PRECISION) != 0 || (double) root * root == x))
                ? Float.floatToRawIntBits(root) : slow(cpu, b, b, (f, p, q) -> Arithmetic.squareRoot(f, p));
    }

    /** Rounding to nearest, and operands that are zero or normal. */
    private static boolean isPlain(Cpu cpu, double x, double y) {
        return (cpu.mxcsr & ROUNDING) == 0 && (isNormal(x) || x == 0) && (isNormal(y) || y == 0);
    }

    private static boolean isPlain(Cpu cpu, float x, float y) {
        return (cpu.mxcsr & ROUNDING) == 0 && (isNormal(x) || x == 0) && (isNormal(y) || y == 0);
    }

    /** Excludes the smallest normal number: a result that was rounded up to it may be tiny. */
    static boolean isNormal(double x) {
        return Math.abs(x) > Double.MIN_NORMAL && Math.abs(x) <= Double.MAX_VALUE;
    }

    static boolean isNormal(float x) {
        return Math.abs(x) > Float.MIN_NORMAL && Math.abs(x) <= Float.MAX_VALUE;
    }

    /** Knuth's error of a sum (TAOCP vol. 2, 4.2.2, theorem B); not a number, and so not exact, if a step overflows. */
    private static boolean isExactSum(double x, double y, double sum) {
        double part = sum - x;
        return x - (sum - part) + (y - part) == 0;
    }

    private static boolean isExactSum(float x, float y, float sum) {
        float part = sum - x;
        return x - (sum - part) + (y - part) == 0;
    }

    /** Whether the two significands have so few bits that their product has at most 53. */
    private static boolean isExactProduct(long a, long b) {
        return Long.numberOfTrailingZeros(a | 1L << 52) + Long.numberOfTrailingZeros(b | 1L << 52) >= 53;
    }

    private static long slow(Cpu cpu, long a, long b, Operation operation) {
        SoftFloat f = cpu.x87.soft.beginSse(cpu.mxcsr, Format.DOUBLE);
        operation.apply(f, widen(cpu, f, a, cpu.x87.memoryOperand), widen(cpu, f, b, new Extended()));
        cpu.mxcsr |= f.flags();
        return f.doubleBits();
    }

    private static int slow(Cpu cpu, int a, int b, Operation operation) {
        SoftFloat f = cpu.x87.soft.beginSse(cpu.mxcsr, Format.SINGLE);
        operation.apply(f, widen(cpu, f, a, cpu.x87.memoryOperand), widen(cpu, f, b, new Extended()));
        cpu.mxcsr |= f.flags();
        return f.singleBits();
    }

    /** The operand as the operation sees it: a denormal is noted, or becomes zero. */
    static Extended widen(Cpu cpu, SoftFloat f, long bits, Extended to) {
        long operand = flushed(cpu, bits);
        if (isDenormal(operand)) {
            f.noteDenormalOperand();
        }
        return to.setDouble(operand);
    }

    static Extended widen(Cpu cpu, SoftFloat f, int bits, Extended to) {
        int operand = flushed(cpu, bits);
        if (isDenormal(operand)) {
            f.noteDenormalOperand();
        }
        return to.setFloat(operand);
    }

    /** With denormals-are-zeros, a denormal is a zero of its sign. */
    static long flushed(Cpu cpu, long bits) {
        return (cpu.mxcsr & DENORMALS_ARE_ZEROS) != 0 && isDenormal(bits) ? bits & Long.MIN_VALUE : bits;
    }

    static int flushed(Cpu cpu, int bits) {
        return (cpu.mxcsr & DENORMALS_ARE_ZEROS) != 0 && isDenormal(bits) ? bits & Integer.MIN_VALUE : bits;
    }

    static boolean isDenormal(long bits) {
        return (bits & 0x7FF0_0000_0000_0000L) == 0 && bits << 1 != 0;
    }

    static boolean isDenormal(int bits) {
        return (bits & 0x7F80_0000) == 0 && bits << 1 != 0;
    }
}
