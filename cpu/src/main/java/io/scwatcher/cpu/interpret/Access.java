package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Operand;

/** Reads and writes integer operands of any kind and size. */
final class Access {
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RBX = 3;
    static final int RSP = 4;
    static final int RBP = 5;
    static final int RSI = 6;
    static final int RDI = 7;

    /** Vectors (SDM vol. 3, table 6-1). */
    static final int DIVIDE_ERROR = 0;
    static final int DEBUG = 1;
    static final int BREAKPOINT = 3;
    static final int OVERFLOW = 4;
    static final int INVALID_OPCODE = 6;
    static final int GENERAL_PROTECTION = 13;

    private Access() {
    }

    /** Linear address of what the instruction accesses at its memory operand. */
    static long address(Cpu cpu, Instruction i) {
        return switch (i.opcode) {
            case BT, BTS, BTR, BTC -> Bits.address(cpu, i);
            default -> i.address(cpu);
        };
    }

    /** Zero-extended; an immediate is sign-extended. */
    static long read(Cpu cpu, Instruction instruction, int operand) {
        Operand o = instruction.operand(operand);
        return switch (o.kind()) {
            case GPR -> zeroExtend(cpu.gpr[o.number()], o.size());
            case HIGH_BYTE -> cpu.gpr[o.number()] >>> 8 & 0xff;
            case MEMORY -> load(cpu, instruction.address(cpu), o.size());
            default -> instruction.immediate;
        };
    }

    /** Reads operand 0, which the instruction is going to write: memory that can't be written faults like a write. */
    static long readDestination(Cpu cpu, Instruction i) {
        Operand o = i.operand(0);
        return o.isMemory() ? cpu.loadForWriting(i.address(cpu), o.size()) : read(cpu, i, 0);
    }

    /** The upper bits of the value don't matter. */
    static void write(Cpu cpu, Instruction instruction, int operand, long value) {
        Operand o = instruction.operand(operand);
        switch (o.kind()) {
            case GPR -> writeRegister(cpu, o.number(), o.size(), value);
            case HIGH_BYTE -> cpu.gpr[o.number()] = cpu.gpr[o.number()] & ~0xff00L | (value & 0xff) << 8;
            default -> store(cpu, instruction.address(cpu), o.size(), value);
        }
    }

    /** A 32-bit write clears the upper half, smaller ones leave the rest (SDM vol. 1, 3.4.1.1). */
    static void writeRegister(Cpu cpu, int register, int size, long value) {
        cpu.gpr[register] = switch (size) {
            case 8 -> value;
            case 4 -> value & 0xffff_ffffL;
            case 2 -> cpu.gpr[register] & ~0xffffL | value & 0xffff;
            default -> cpu.gpr[register] & ~0xffL | value & 0xff;
        };
    }

    static long load(Cpu cpu, long address, int size) {
        return switch (size) {
            case 8 -> cpu.load64(address);
            case 4 -> cpu.load32(address) & 0xffff_ffffL;
            case 2 -> cpu.load16(address);
            default -> cpu.load8(address);
        };
    }

    static void store(Cpu cpu, long address, int size, long value) {
        switch (size) {
            case 8 -> cpu.store64(address, value);
            case 4 -> cpu.store32(address, (int) value);
            case 2 -> cpu.store16(address, (int) value);
            default -> cpu.store8(address, (int) value);
        }
    }

    static long zeroExtend(long value, int size) {
        return size == 8 ? value : value & (1L << 8 * size) - 1;
    }

    static long signExtend(long value, int size) {
        int unused = 64 - 8 * size;
        return value << unused >> unused;
    }
}
