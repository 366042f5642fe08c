package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.floating.SoftFloat;

/** Comparison, minimum and maximum of SSE on one lane, as {@link SseArithmetic}. */
public final class SseCompare {
    private static final long QUIET_DOUBLE = 1L << 51;
    private static final int QUIET_SINGLE = 1 << 22;

    private SseCompare() {
    }

    /** All ones if the predicate holds (SDM vol. 2, CMPPD, table 3-1: 0 to 7), else 0. */
    public static long cmpsd(Cpu cpu, long a, long b, int predicate) {
        double x = Double.longBitsToDouble(SseArithmetic.flushed(cpu, a));
        double y = Double.longBitsToDouble(SseArithmetic.flushed(cpu, b));
        noteCompare(cpu, a, b, isSignalling(predicate));
        return holds(x, y, predicate) ? -1 : 0;
    }

    public static int cmpss(Cpu cpu, int a, int b, int predicate) {
        float x = Float.intBitsToFloat(SseArithmetic.flushed(cpu, a));
        float y = Float.intBitsToFloat(SseArithmetic.flushed(cpu, b));
        noteCompare(cpu, a, b, isSignalling(predicate));
        return holds(x, y, predicate) ? -1 : 0;
    }

    /** Less-than and less-or-equal, and their negations, don't accept any NaN. */
    private static boolean isSignalling(int predicate) {
        return (predicate & 3) == 1 || (predicate & 3) == 2;
    }

    private static boolean holds(double x, double y, int predicate) {
        boolean positive = switch (predicate & 3) {
            case 0 -> x == y;
            case 1 -> x < y;
            case 2 -> x <= y;
            default -> x != x || y != y;
        };
        return positive != ((predicate & 4) != 0);
    }

    /** @return {@link io.scwatcher.cpu.floating.Conversion}'s order */
    static int order(double x, double y) {
        return x < y ? -1 : x == y ? 0 : x > y ? 1 : 2;
    }

    public static int comparesd(Cpu cpu, long a, long b, boolean signalling) {
        noteCompare(cpu, a, b, signalling);
        return order(Double.longBitsToDouble(SseArithmetic.flushed(cpu, a)), Double.longBitsToDouble(SseArithmetic.flushed(cpu, b)));
    }

    public static int comparess(Cpu cpu, int a, int b, boolean signalling) {
        noteCompare(cpu, a, b, signalling);
        return order(Float.intBitsToFloat(SseArithmetic.flushed(cpu, a)), Float.intBitsToFloat(SseArithmetic.flushed(cpu, b)));
    }

    /** Raises what comparing raises: invalid for a NaN that is not tolerated, else denormal. */
    private static void noteCompare(Cpu cpu, long a, long b, boolean signalling) {
        boolean nanA = isNaN(a);
        boolean nanB = isNaN(b);
        if (nanA || nanB) {
            if (signalling || nanA && (a & QUIET_DOUBLE) == 0 || nanB && (b & QUIET_DOUBLE) == 0) {
                cpu.mxcsr |= SoftFloat.INVALID;
            }
        } else if ((cpu.mxcsr & SseArithmetic.DENORMALS_ARE_ZEROS) == 0 && (SseArithmetic.isDenormal(a) || SseArithmetic.isDenormal(b))) {
            cpu.mxcsr |= SoftFloat.DENORMAL;
        }
    }

    private static void noteCompare(Cpu cpu, int a, int b, boolean signalling) {
        boolean nanA = isNaN(a);
        boolean nanB = isNaN(b);
        if (nanA || nanB) {
            if (signalling || nanA && (a & QUIET_SINGLE) == 0 || nanB && (b & QUIET_SINGLE) == 0) {
                cpu.mxcsr |= SoftFloat.INVALID;
            }
        } else if ((cpu.mxcsr & SseArithmetic.DENORMALS_ARE_ZEROS) == 0 && (SseArithmetic.isDenormal(a) || SseArithmetic.isDenormal(b))) {
            cpu.mxcsr |= SoftFloat.DENORMAL;
        }
    }

    private static boolean isNaN(long bits) {
        return (bits & Long.MAX_VALUE) > 0x7FF0_0000_0000_0000L;
    }

    private static boolean isNaN(int bits) {
        return (bits & Integer.MAX_VALUE) > 0x7F80_0000;
    }

    /** The source unless the destination is smaller: also for two zeros, and for a NaN on either side. */
    public static long minsd(Cpu cpu, long a, long b) {
        noteCompare(cpu, a, b, true);
        long x = SseArithmetic.flushed(cpu, a);
        long y = SseArithmetic.flushed(cpu, b);
        return Double.longBitsToDouble(x) < Double.longBitsToDouble(y) ? x : y;
    }

    public static int minss(Cpu cpu, int a, int b) {
        noteCompare(cpu, a, b, true);
        int x = SseArithmetic.flushed(cpu, a);
        int y = SseArithmetic.flushed(cpu, b);
        return Float.intBitsToFloat(x) < Float.intBitsToFloat(y) ? x : y;
    }

    /** The source unless the destination is larger: also for two zeros, and for a NaN on either side. */
    public static long maxsd(Cpu cpu, long a, long b) {
        noteCompare(cpu, a, b, true);
        long x = SseArithmetic.flushed(cpu, a);
        long y = SseArithmetic.flushed(cpu, b);
        return Double.longBitsToDouble(x) > Double.longBitsToDouble(y) ? x : y;
    }

    public static int maxss(Cpu cpu, int a, int b) {
        noteCompare(cpu, a, b, true);
        int x = SseArithmetic.flushed(cpu, a);
        int y = SseArithmetic.flushed(cpu, b);
        return Float.intBitsToFloat(x) > Float.intBitsToFloat(y) ? x : y;
    }
}
