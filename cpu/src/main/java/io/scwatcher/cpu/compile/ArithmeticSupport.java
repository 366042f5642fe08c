package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Flags;

/** What compiled arithmetic calls: the flags of shifts and products, and divisions. */
public final class ArithmeticSupport {
    private static final int DIVIDE_ERROR = 0;

    private ArithmeticSupport() {
    }

    /** Carries of SHL; {@code a} zero-extended from {@code size} bytes, count at least 1. */
    public static long shiftLeftCarries(long a, int count, int size) {
        int bits = 8 * size;
        boolean carry = count <= bits && (a >>> bits - count & 1) != 0;
        boolean sign = (a << count >>> bits - 1 & 1) != 0;
        return Flags.of(carry, carry != sign);
    }

    /** Carries of SHR. */
    public static long shiftRightCarries(long a, int count, int size) {
        return Flags.of((a >>> count - 1 & 1) != 0, (a >>> 8 * size - 1 & 1) != 0);
    }

    /** Carries of SAR. */
    public static long shiftRightSignedCarries(long a, int count, int size) {
        int unused = 64 - 8 * size;
        return Flags.of((a << unused >> unused >> count - 1 & 1) != 0, false);
    }

    /** Carries after ROL; {@code r} is the result, and a count of 0 changes nothing. */
    public static long rotateLeftCarries(long carries, long r, int count, int size) {
        boolean carry = (r & 1) != 0;
        return count == 0 ? carries : Flags.with(carries, carry, carry != ((r >>> 8 * size - 1 & 1) != 0));
    }

    /** Carries after ROR. */
    public static long rotateRightCarries(long carries, long r, int count, int size) {
        int sign = 8 * size - 1;
        return count == 0 ? carries : Flags.with(carries, (r >>> sign & 1) != 0, ((r >>> sign ^ r >>> sign - 1) & 1) != 0);
    }

    /** Carries of a signed product of 8 bytes. */
    public static long productCarries(long a, long b) {
        boolean overflow = Math.multiplyHigh(a, b) != a * b >> 63;
        return Flags.of(overflow, overflow);
    }

    /** Carries of a signed product of 4 bytes. */
    public static long productCarries(int a, int b) {
        long product = (long) a * b;
        boolean overflow = product != (int) product;
        return Flags.of(overflow, overflow);
    }

    /** Carries of a product whose upper half is significant or not. */
    public static long carriesIf(boolean overflow) {
        return Flags.of(overflow, overflow);
    }

    /** Whether DIV or IDIV of EDX:EAX can be done with 64-bit operations: the divisor isn't zero and the quotient fits; raises #DE otherwise. */
    public static long divide32(Cpu cpu, long dividend, int divisor) {
        if (divisor == 0) {
            throw cpu.fault(DIVIDE_ERROR, 0);
        }
        long quotient = Long.divideUnsigned(dividend, divisor & 0xffff_ffffL);
        if (quotient >>> 32 != 0) {
            throw cpu.fault(DIVIDE_ERROR, 0);
        }
        return quotient;
    }

    /** IDIV of EDX:EAX: the quotient. */
    public static long divideSigned32(Cpu cpu, long dividend, int divisor) {
        if (divisor == 0) {
            throw cpu.fault(DIVIDE_ERROR, 0);
        }
        long quotient = dividend / divisor;
        if (quotient != (int) quotient) {
            throw cpu.fault(DIVIDE_ERROR, 0);
        }
        return quotient;
    }
}
