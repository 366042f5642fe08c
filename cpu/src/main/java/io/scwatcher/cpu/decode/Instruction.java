package io.scwatcher.cpu.decode;

import io.scwatcher.cpu.Cpu;

import java.util.List;

/**
 * One decoded instruction. Immutable and position independent: RIP-relative displacements and branch targets are relative to the address of the
 * instruction itself (its length is already added), so the same object serves wherever its frame is mapped.
 */
public final class Instruction {
    /** No register, for {@link #base} and {@link #index}; no override, for {@link #segment}. */
    public static final int NONE = -1;
    /** {@link #base} of RIP-relative addressing: the base is the instruction's own address. */
    public static final int RIP = 16;
    /** {@link #segment}: the segment registers whose base counts in 64-bit mode, by the number of the encoding. */
    public static final int FS = 4;
    public static final int GS = 5;

    /** The row of the decoding tables that it was decoded by. */
    public final Form form;
    public final Opcode opcode;

    /** In bytes, 1 to 15. */
    public final int length;

    /** Effective operand size in bytes (SDM vol. 1, 3.6.1): 2, 4 or 8 by prefix and default, 1 for the byte forms. */
    public final int operandSize;

    /** In the order of the manual: destination first. Implicit operands (RAX of MUL, RSI of MOVS) are not among them. */
    public final List<Operand> operands;

    /** Number of the register that ModRM.reg and REX.R name, 0 to 15; meaningful if an operand comes from there. */
    public final int reg;

    /** Number of the register that ModRM.rm (or the opcode's low bits) and REX.B name, 0 to 15; meaningful if that operand is a register. */
    public final int rm;

    /** Whether there is a memory operand with the address parts below. */
    public final boolean memory;
    /** {@link #FS}, {@link #GS} or {@link #NONE}. Also set for the source of string instructions. */
    public final int segment;
    /** Number of a general register, {@link #RIP} or {@link #NONE}. */
    public final int base;
    /** Number of a general register or {@link #NONE}. */
    public final int index;
    /** The index is shifted left by this, 0 to 3. */
    public final int scale;
    public final long displacement;
    /** The address size prefix 67: addresses and string counters have 32 bits. */
    public final boolean address32;

    /** Sign-extended from its encoded size; of a branch: the target minus the instruction's own address. ENTER's second one is in bits 16 to 23. */
    public final long immediate;

    /** LOCK; the decoder has checked that it is legal. */
    public final boolean lock;
    /** REP/REPE (F3), where it is not part of the opcode. */
    public final boolean repeat;
    /** REPNE (F2), where it is not part of the opcode. */
    public final boolean repeatNotEqual;

    /** Of Jcc, SETcc, CMOVcc: 0 to 15 as encoded (SDM vol. 1, appendix B). */
    public final int condition;

    Instruction(Decoding d) {
        form = d.form;
        opcode = d.form.opcode();
        length = d.length;
        operandSize = d.operandSize;
        operands = d.operands;
        reg = d.reg;
        rm = d.rm;
        memory = d.memory;
        segment = d.segment;
        base = d.base;
        index = d.index;
        scale = d.scale;
        displacement = d.base == RIP ? d.displacement + d.length : d.displacement;
        address32 = d.address32;
        immediate = d.form.relative() ? d.immediate + d.length : d.immediate;
        lock = d.lock;
        repeat = d.repeat;
        repeatNotEqual = d.repeatNotEqual;
        condition = d.opcodeByte & 15;
    }

    /** Linear address of the memory operand; {@code cpu.rip} is this instruction's address. */
    public long address(Cpu cpu) {
        return linear(cpu, effectiveAddress(cpu));
    }

    /** Linear address of the byte so far behind the beginning of the memory operand. */
    public long address(Cpu cpu, long distance) {
        long effective = effectiveAddress(cpu) + distance;
        return linear(cpu, address32 ? effective & 0xffff_ffffL : effective);
    }

    /** The address within its segment. */
    public long effectiveAddress(Cpu cpu) {
        long effective = displacement;
        if (base == RIP) {
            effective += cpu.rip;
        } else if (base != NONE) {
            effective += cpu.gpr[base];
        }
        if (index != NONE) {
            effective += cpu.gpr[index] << scale;
        }
        return address32 ? effective & 0xffff_ffffL : effective;
    }

    /** The linear address of an effective one: the segment's base added. */
    public long linear(Cpu cpu, long effective) {
        return switch (segment) {
            case FS -> effective + cpu.fsBase;
            case GS -> effective + cpu.gsBase;
            default -> effective;
        };
    }

    public Operand operand(int i) {
        return operands.get(i);
    }

    @Override
    public String toString() {
        return form + " (" + length + " bytes)";
    }
}
