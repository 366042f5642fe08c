package io.scwatcher.cpu.compile;

import static io.scwatcher.cpu.Flags.AF;
import static io.scwatcher.cpu.Flags.CF;
import static io.scwatcher.cpu.Flags.OF;
import static io.scwatcher.cpu.Flags.PF;
import static io.scwatcher.cpu.Flags.SF;
import static io.scwatcher.cpu.Flags.STATUS;
import static io.scwatcher.cpu.Flags.ZF;

import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Operand;

/** Which status flags, general and XMM registers an instruction reads and changes. What isn't known is assumed to read and perhaps to change all. */
final class Effects {
    private static final int RAX = 1;
    private static final int RCX = 1 << 1;
    private static final int RDX = 1 << 2;
    private static final int RBX = 1 << 3;
    private static final int RSP = 1 << 4;
    private static final int RBP = 1 << 5;
    private static final int RSI = 1 << 6;
    private static final int RDI = 1 << 7;
    static final int ALL_REGISTERS = 0xffff;

    /** The flags that each condition reads, by its code divided by two. */
    private static final int[] CONDITIONS = {OF, CF, ZF, CF | ZF, SF, PF, SF | OF, SF | OF | ZF};

    private Effects() {
    }

    static int conditionFlags(int condition) {
        return CONDITIONS[condition >> 1];
    }

    /** The status flags on which its effect depends; those that it leaves alone don't count. */
    static int flagsRead(Instruction in) {
        return switch (in.form.family()) {
            case SSE, MMX -> 0;
            case X87 -> switch (in.opcode) {
                case FCMOVB, FCMOVE, FCMOVBE, FCMOVU, FCMOVNB, FCMOVNE, FCMOVNBE, FCMOVNU -> CF | ZF | PF;
                default -> 0;
            };
            case INTEGER -> switch (in.opcode) {
                case JCC, SETCC, CMOVCC -> conditionFlags(in.condition);
                case ADC, SBB, RCL, RCR -> CF;
                case MOV, MOVZX, MOVSX, LEA, XCHG, BSWAP, PUSH, POP, CALL, RET, JMP, LEAVE, ENTER, CBW, CWD, NOT, NOP, ADD, OR, AND, SUB, XOR, CMP, TEST,
                        NEG, INC, DEC, MUL, IMUL, DIV, IDIV, SHL, SHR, SAR, ROL, ROR, SHLD, SHRD, XADD, CMPXCHG, CMPXCHG8B, CMPXCHG16B, BT, BTS, BTR, BTC,
                        BSF, BSR, POPCNT, CRC32, JRCXZ, LOOP, CPUID, RDTSC, RDTSCP, PAUSE, LFENCE, MFENCE, SFENCE, CLFLUSH, MOVNTI, CLD, STD, MOVS, STOS,
                        LODS, XLAT, STC, CLC -> 0;
                default -> STATUS;
            };
        };
    }

    /** The status flags that it certainly defines, or leaves undefined. */
    static int flagsChanged(Instruction in) {
        return switch (in.form.family()) {
            case MMX -> 0;
            case X87 -> switch (in.opcode) {
                case FCOMI, FCOMIP, FUCOMI, FUCOMIP -> CF | ZF | PF;
                default -> 0;
            };
            case SSE -> switch (in.opcode) {
                case COMISS, COMISD, UCOMISS, UCOMISD, PTEST, PCMPESTRM, PCMPESTRI, PCMPISTRM, PCMPISTRI -> STATUS;
                default -> 0;
            };
            case INTEGER -> switch (in.opcode) {
                case ADD, OR, AND, SUB, XOR, CMP, TEST, NEG, ADC, SBB, MUL, IMUL, DIV, IDIV, XADD, CMPXCHG, POPCNT -> STATUS;
                case BSF, BSR -> STATUS;
                case INC, DEC -> STATUS & ~CF;
                case SHL, SHR, SAR -> shiftCount(in) > 0 ? STATUS : 0;
                case ROL, ROR -> shiftCount(in) > 0 ? CF | OF : 0;
                case BT, BTS, BTR, BTC -> CF | OF | SF | AF | PF;
                case CMPXCHG8B, CMPXCHG16B -> ZF;
                case STC, CLC, CMC -> CF;
                default -> 0;
            };
        };
    }

    /** The count of a shift or rotation by an immediate, as the processor masks it; -1 if it is in CL. */
    static int shiftCount(Instruction in) {
        Operand count = in.operands.getLast();
        return count.kind() == Operand.Kind.IMMEDIATE ? (int) in.immediate & (in.operandSize == 8 ? 63 : 31) : -1;
    }

    /** The general registers that it may read or change, as a set of bits. */
    static int registers(Instruction in) {
        int registers = implicitRegisters(in);
        for (Operand operand : in.operands) {
            if (operand.kind() == Operand.Kind.GPR || operand.kind() == Operand.Kind.HIGH_BYTE) {
                registers |= 1 << operand.number();
            }
        }
        return registers | addressRegisters(in);
    }

    /** The XMM registers that it may read or change, as a set of bits. */
    static int vectors(Instruction in) {
        int vectors = switch (in.opcode) {
            case PCMPESTRM, PCMPISTRM -> 1;
            case FXSAVE, FXRSTOR -> ALL_REGISTERS;
            default -> 0;
        };
        for (Operand operand : in.operands) {
            if (operand.kind() == Operand.Kind.XMM) {
                vectors |= 1 << operand.number();
            }
        }
        return vectors;
    }

    private static int addressRegisters(Instruction in) {
        return (in.memory && in.base >= 0 && in.base < 16 ? 1 << in.base : 0) | (in.memory && in.index >= 0 ? 1 << in.index : 0);
    }

    private static int implicitRegisters(Instruction in) {
        return switch (in.form.family()) {
            case X87 -> RAX;
            case MMX, SSE -> switch (in.opcode) {
                case PCMPESTRM, PCMPESTRI, PCMPISTRM, PCMPISTRI -> RAX | RDX | RCX;
                case MASKMOVQ, MASKMOVDQU -> RDI;
                default -> 0;
            };
            case INTEGER -> switch (in.opcode) {
                case MOV, MOVZX, MOVSX, LEA, XCHG, BSWAP, NOT, NOP, ADD, OR, AND, SUB, XOR, CMP, TEST, NEG, INC, DEC, ADC, SBB, SHL, SHR, SAR, ROL, ROR,
                        RCL, RCR, SHLD, SHRD, XADD, BT, BTS, BTR, BTC, BSF, BSR, POPCNT, CRC32, JMP, JCC, SETCC, CMOVCC, PAUSE, LFENCE, MFENCE, SFENCE,
                        CLFLUSH, MOVNTI, STC, CLC, CMC, CLD, STD -> 0;
                case MUL, IMUL, DIV, IDIV, CBW, CWD, RDTSC -> RAX | RDX;
                case PUSH, POP, CALL, RET -> RSP;
                case LEAVE, ENTER -> RSP | RBP;
                case CMPXCHG, LAHF, SAHF -> RAX;
                case CPUID, RDTSCP, CMPXCHG8B, CMPXCHG16B -> RAX | RBX | RCX | RDX;
                case MOVS, CMPS, STOS, LODS, SCAS -> RAX | RCX | RSI | RDI;
                case JRCXZ, LOOP, LOOPE, LOOPNE -> RCX;
                case PUSHF, POPF -> RSP;
                case XLAT -> RAX | RBX;
                default -> ALL_REGISTERS;
            };
        };
    }
}
