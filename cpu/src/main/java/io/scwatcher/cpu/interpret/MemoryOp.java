package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;

/**
 * An operation with general registers, a constant or memory as operands. One class serves several sizes, since bits above the operand's don't matter
 * to sums, carries and comparisons; and several kinds of sources, since the processor learns which one an operation has.
 */
abstract class MemoryOp extends Op {
    private static final int BASE = 0;
    private static final int BASE_AND_INDEX = 1;
    private static final int RIP = 2;
    private static final int OTHER = 3;

    private static final long TOP_CARRIES = 0xC000_0000_0000_0000L;
    private static final int AUXILIARY_CARRY = 8;

    private final Instruction instruction;
    private final int way;
    private final int base;
    private final int index;
    private final int scale;
    private final long displacement;

    /** Bits of a long that lie above the operand: 0, 32, 48 or 56. */
    private final int unused;
    /** What remains of a result that is written to a register of 32 or 64 bits. */
    final long mask;

    /** @param size of the operands in bytes */
    MemoryOp(Instruction i, int size) {
        super(i.length);
        instruction = i;
        boolean plain = i.segment == Instruction.NONE && !i.address32;
        if (plain && i.base == Instruction.RIP) {
            way = RIP;
        } else if (plain && i.base >= 0) {
            way = i.index == Instruction.NONE ? BASE : BASE_AND_INDEX;
        } else {
            way = OTHER;
        }
        base = i.base;
        index = i.index;
        scale = i.scale;
        displacement = i.displacement;
        unused = 64 - 8 * size;
        mask = -1L >>> unused;
    }

    final long address(Cpu cpu) {
        if (way == BASE) {
            return cpu.gpr[base] + displacement;
        }
        if (way == BASE_AND_INDEX) {
            return cpu.gpr[base] + (cpu.gpr[index] << scale) + displacement;
        }
        return way == RIP ? cpu.rip + displacement : instruction.address(cpu);
    }

    /** Loads the operand; upper bits are anything. */
    final long load(Cpu cpu, long address) {
        return unused == 0 ? cpu.load64(address) : unused == 32 ? cpu.load32(address) : unused == 56 ? cpu.load8(address) : cpu.load16(address);
    }

    final void store(Cpu cpu, long address, long value) {
        if (unused == 0) {
            cpu.store64(address, value);
        } else if (unused == 32) {
            cpu.store32(address, (int) value);
        } else if (unused == 56) {
            cpu.store8(address, (int) value);
        } else {
            cpu.store16(address, (int) value);
        }
    }

    final long signExtend(long value) {
        return value << unused >> unused;
    }

    /** Sets the flags of {@code r = a + b}. */
    final void added(Cpu cpu, long a, long b, long r) {
        long vector = a & b | (a | b) & ~r;
        cpu.result = signExtend(r);
        cpu.carries = vector << unused & TOP_CARRIES | vector & AUXILIARY_CARRY;
    }

    /** Sets the flags of {@code r = a - b}. */
    final void subtracted(Cpu cpu, long a, long b, long r) {
        long vector = ~a & b | ~(a ^ b) & r;
        cpu.result = signExtend(r);
        cpu.carries = vector << unused & TOP_CARRIES | vector & AUXILIARY_CARRY;
    }

    /** Sets the flags of a logical operation. */
    final void combined(Cpu cpu, long r) {
        cpu.result = signExtend(r);
        cpu.carries = 0;
    }
}
