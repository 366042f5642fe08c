package io.scwatcher.cpu.oracle;

import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Compares what an engine did with what the processor did, as far as the manual says what must come out. */
final class DefinedResults {
    private static final int PAGE_FAULT = 14;
    private static final int DIVIDE_ERROR = 0;
    private static final int RSP = 4;
    private static final String[] REGISTERS = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
        "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"};

    private DefinedResults() {
    }

    /** Whether the manual says what the result is. */
    static boolean isDefined(TestCase one) {
        Instruction i = one.instruction();
        if (i.opcode == Opcode.SHLD || i.opcode == Opcode.SHRD) {
            return shiftCount(i, one.before()) <= 8 * i.operandSize;
        }
        if (i.opcode == Opcode.LFS || i.opcode == Opcode.LGS || i.opcode == Opcode.LSS) {
            return i.operandSize < 8; // with REX.W, the vendors differ
        }
        if (i.opcode == Opcode.CALL && i.memory && i.base == RSP) {
            return false; // where two addresses may be bad, the vendors differ in which they look at first
        }
        // Of MOVSXD with 16 bits, the vendors differ in how much is read
        return i.opcode != Opcode.MOVSX || i.operandSize > 2 || i.form.opcodeByte() != 0x63;
    }

    /** The differences, one a line; empty if there are none. */
    static String differences(TestCase one, MachineState expected, MachineState actual) {
        FloatingTolerance.overlook(one, expected, actual);
        StringBuilder out = new StringBuilder();
        add(out, "vector", expected.vector, actual.vector);
        add(out, "rip", expected.rip, actual.rip);
        if (expected.vector == PAGE_FAULT) {
            add(out, "fault address", expected.faultAddress, actual.faultAddress);
        }
        add(out, "error code", expected.error, actual.error);
        for (int i = 0; i < 16; i++) {
            add(out, REGISTERS[i], expected.gpr[i], actual.gpr[i]);
        }
        long defined = Flags.STATUS | Flags.DF;
        if (expected.vector != DIVIDE_ERROR || one.instruction().opcode != Opcode.DIV && one.instruction().opcode != Opcode.IDIV) {
            defined &= ~undefinedFlags(one.instruction(), one.before());
        }
        add(out, "flags", expected.flags & defined, actual.flags & defined);
        add(out, "fcw", bits(expected.fx, 0, 2), bits(actual.fx, 0, 2));
        add(out, "fsw", bits(expected.fx, 2, 2), bits(actual.fx, 2, 2));
        add(out, "ftw", bits(expected.fx, 4, 1), bits(actual.fx, 4, 1));
        add(out, "mxcsr", bits(expected.fx, 24, 4), bits(actual.fx, 24, 4));
        for (int i = 0; i < 8; i++) {
            add(out, "st" + i, expected.fx, actual.fx, 32 + 16 * i, 10);
        }
        for (int i = 0; i < 16; i++) {
            add(out, "xmm" + i, expected.fx, actual.fx, 160 + 16 * i, 16);
        }
        int memory = Arrays.mismatch(expected.memory, actual.memory);
        if (memory >= 0) {
            add(out, "memory " + memory + " of " + MachineState.WINDOW, expected.memory, actual.memory, memory & -16, 16);
        }
        if (!out.isEmpty()) {
            out.append("  (fault at %x, ours at %x, flags %x, %s)%n".formatted(expected.faultAddress, actual.faultAddress, one.before().flags,
                    registers(one.before())));
        }
        return out.toString();
    }

    private static String registers(MachineState state) {
        return IntStream.range(0, 16).mapToObj(i -> "%s %x".formatted(REGISTERS[i], state.gpr[i])).collect(Collectors.joining(", "));
    }

    private static void add(StringBuilder out, String what, long expected, long actual) {
        if (expected != actual) {
            out.append("  %s: %x, not %x%n".formatted(what, expected, actual));
        }
    }

    private static void add(StringBuilder out, String what, byte[] expected, byte[] actual, int from, int length) {
        if (!Arrays.equals(expected, from, from + length, actual, from, from + length)) {
            HexFormat hex = HexFormat.of();
            out.append("  %s: %s, not %s%n".formatted(what, hex.formatHex(expected, from, from + length), hex.formatHex(actual, from, from + length)));
        }
    }

    private static long bits(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        return value;
    }

    /** The flags that SDM vol. 2 calls undefined after the instruction, at its mnemonic (or vol. 1, appendix A). */
    static long undefinedFlags(Instruction i, MachineState before) {
        return switch (i.opcode) {
            case AND, OR, XOR, TEST -> Flags.AF;
            case MUL, IMUL -> Flags.SF | Flags.ZF | Flags.AF | Flags.PF;
            case DIV, IDIV -> Flags.STATUS;
            case BSF, BSR -> Flags.STATUS & ~Flags.ZF;
            case BT, BTS, BTR, BTC -> Flags.OF | Flags.SF | Flags.AF | Flags.PF;
            case SHL, SHR, SAR, SHLD, SHRD, ROL, ROR, RCL, RCR -> undefinedByShift(i, before);
            default -> 0;
        };
    }

    static int shiftCount(Instruction i, MachineState before) {
        int last = i.operands.size() - 1;
        long count = i.operand(last).isRegister() ? before.gpr[1] : i.immediate;
        return (int) count & (i.operandSize == 8 ? 63 : 31);
    }

    private static long undefinedByShift(Instruction i, MachineState before) {
        int count = shiftCount(i, before);
        if (count == 0) {
            return 0;
        }
        boolean rotates = switch (i.opcode) {
            case ROL, ROR, RCL, RCR -> true;
            default -> false;
        };
        long undefined = rotates ? 0 : Flags.AF;
        if (count != 1) {
            undefined |= Flags.OF;
        }
        if ((i.opcode == Opcode.SHL || i.opcode == Opcode.SHR) && count >= 8 * i.operandSize) {
            undefined |= Flags.CF;
        }
        return undefined;
    }
}
