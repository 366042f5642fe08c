package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;

/** Operands of the SSE and MMX instructions, and what an unmasked exception of SSE does. */
public final class SseOperands {
    private static final int GENERAL_PROTECTION = 13;
    private static final int SIMD_EXCEPTION = 19;
    private static final int FLAGS = 0x3F;
    private static final int MASKS = 0x1F80;
    private static final int PRE_COMPUTATION = 7;

    private SseOperands() {
    }

    /** The address of a 16-byte operand that has to be aligned. */
    static long aligned(Cpu cpu, Instruction in) {
        long address = in.address(cpu);
        if ((address & 15) != 0) {
            throw cpu.fault(GENERAL_PROTECTION, 0);
        }
        return address;
    }

    /** The low quadword of an aligned 16-byte source. */
    static long low(Cpu cpu, Instruction in) {
        return in.memory ? cpu.load64(aligned(cpu, in)) : cpu.xmm[2 * in.rm];
    }

    /** The high quadword of an aligned 16-byte source. */
    static long high(Cpu cpu, Instruction in) {
        return in.memory ? cpu.load64(in.address(cpu) + 8) : cpu.xmm[2 * in.rm + 1];
    }

    /** A quadword source in an XMM register or memory. */
    static long quadword(Cpu cpu, Instruction in) {
        return in.memory ? cpu.load64(in.address(cpu)) : cpu.xmm[2 * in.rm];
    }

    /** A doubleword source in an XMM register or memory. */
    static int doubleword(Cpu cpu, Instruction in) {
        return in.memory ? cpu.load32(in.address(cpu)) : (int) cpu.xmm[2 * in.rm];
    }

    /** A quadword source in an MM register or memory. */
    static long mmx(Cpu cpu, Instruction in) {
        return in.memory ? cpu.load64(in.address(cpu)) : cpu.x87.mmx(in.rm & 7);
    }

    /** The destination's low doubleword replaced. */
    static void setDoubleword(Cpu cpu, Instruction in, int value) {
        cpu.xmm[2 * in.reg] = cpu.xmm[2 * in.reg] & 0xFFFF_FFFF_0000_0000L | value & 0xFFFF_FFFFL;
    }

    static void set(Cpu cpu, Instruction in, long low, long high) {
        cpu.xmm[2 * in.reg] = low;
        cpu.xmm[2 * in.reg + 1] = high;
    }

    /** Stores 16 bytes, or nothing. */
    static void store(Cpu cpu, long address, long low, long high) {
        if ((address & 0xFFF) > 0xFF0) {
            cpu.checkWritable(address, 16);
        }
        cpu.store64(address, low);
        cpu.store64(address + 8, high);
    }

    /** Before an operation that may raise exceptions. @return what {@link #end} needs: MXCSR */
    public static int begin(Cpu cpu) {
        int before = cpu.mxcsr;
        if ((before & MASKS) != MASKS) {
            cpu.mxcsr = before & ~FLAGS;
        }
        return before;
    }

    /** After the operation, before its result is written: raises #XM if one of its exceptions is unmasked. */
    public static void end(Cpu cpu, int before) {
        if ((before & MASKS) == MASKS) {
            return;
        }
        int raised = cpu.mxcsr & FLAGS;
        int unmasked = raised & ~(before >> 7);
        cpu.mxcsr = before | ((unmasked & PRE_COMPUTATION) != 0 ? raised & PRE_COMPUTATION : raised);
        if (unmasked != 0) {
            throw cpu.fault(SIMD_EXCEPTION, 0);
        }
    }
}
