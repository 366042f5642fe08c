package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Family;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Operand;
import io.scwatcher.cpu.floating.X87;

/** #AC, which a program asks for by EFLAGS.AC (Linux sets CR0.AM; SDM vol. 3, 6.15, interrupt 17 and table 6-7). */
final class AlignmentCheck {
    private static final int ALIGNMENT_CHECK = 17;
    /** Larger operands are images of the x87 unit, or must be aligned anyway. */
    private static final int LARGEST = 10;
    private static final int WORDS = 2;
    private static final int DOUBLEWORDS = 4;
    private static final int QUADWORD = 8;
    private static final int VECTOR = 16;

    private AlignmentCheck() {
    }

    /** Raises #AC if the instruction at {@code cpu.rip} is about to access memory that isn't aligned to its size. */
    static void check(Cpu cpu, Instruction i) {
        switch (i.opcode) {
            case LEA, NOP, PRIVILEGED, CLFLUSH, UD -> { }
            case MOVS, CMPS, LODS, STOS, SCAS -> string(cpu, i);
            case PUSH, PUSHF, CALL, PUSH_SEGMENT -> push(cpu, i);
            case POP, POPF, RET, POP_SEGMENT -> pop(cpu, i);
            case ENTER -> {
                require(cpu, cpu.gpr[Access.RSP] - i.operandSize, i.operandSize);
                require(cpu, cpu.gpr[Access.RSP] - (i.immediate & 0xffff), i.operandSize);
            }
            case LEAVE -> require(cpu, cpu.gpr[Access.RBP], i.operandSize);
            case LFS, LGS, LSS -> require(cpu, i.address(cpu), i.operandSize);
            case MASKMOVQ, MASKMOVDQU -> require(cpu, i.linear(cpu, cpu.gpr[Access.RDI]), QUADWORD);
            case FXSAVE, FXRSTOR -> require(cpu, i.address(cpu), DOUBLEWORDS);
            case MOV_SEGMENT -> {
                if (i.operand(0).kind() != Operand.Kind.SEGMENT || i.operand(0).number() != Segments.CS) {
                    memoryOperand(cpu, i); // nothing may be moved to CS: #UD
                }
            }
            case FLDENV, FRSTOR -> {
                if ((cpu.x87.status() & X87.ERROR_SUMMARY) == 0) {
                    require(cpu, i.address(cpu), i.operandSize == 2 ? WORDS : DOUBLEWORDS);
                }
            }
            case FNSTENV, FNSAVE -> require(cpu, i.address(cpu), i.operandSize == 2 ? WORDS : DOUBLEWORDS);
            case MOVUPS, MOVUPD, MOVDQU, LDDQU, PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM -> {
                if (i.memory) {
                    require(cpu, i.address(cpu), VECTOR);
                }
            }
            default -> memoryOperand(cpu, i);
        }
    }

    private static void push(Cpu cpu, Instruction i) {
        long top = cpu.gpr[Access.RSP] - i.operandSize;
        if (i.memory) {
            pair(cpu, i.address(cpu), top, i.operandSize);
        } else {
            require(cpu, top, i.operandSize);
        }
    }

    private static void pop(Cpu cpu, Instruction i) {
        long top = cpu.gpr[Access.RSP];
        if (i.memory) {
            pair(cpu, top, i.address(cpu), i.operandSize);
        } else {
            require(cpu, top, i.operandSize);
        }
    }

    private static void string(Cpu cpu, Instruction i) {
        if ((i.repeat || i.repeatNotEqual) && Strings.counter(cpu, i) == 0) {
            return;
        }
        long source = Strings.source(cpu, i);
        long destination = Strings.destination(cpu, i);
        switch (i.opcode) {
            case MOVS -> pair(cpu, source, destination, i.operandSize);
            case CMPS -> pair(cpu, destination, source, i.operandSize);
            case LODS -> require(cpu, source, i.operandSize);
            default -> require(cpu, destination, i.operandSize);
        }
    }

    /** Of two operands, the second one is looked at when the first one has been read. */
    private static void pair(Cpu cpu, long first, long second, int size) {
        require(cpu, first, size);
        Access.load(cpu, first, size);
        require(cpu, second, size);
    }

    /** Whether an exception of an earlier x87 instruction is reported before this one does anything. */
    private static boolean reportsPending(Instruction i) {
        return switch (i.opcode) {
            case FNSTSW, FNSTCW -> false;
            case CVTPS2PI, CVTTPS2PI, CVTPD2PI, CVTTPD2PI -> true;
            default -> i.form.family() == Family.X87 || i.form.family() == Family.MMX;
        };
    }

    private static void memoryOperand(Cpu cpu, Instruction i) {
        if (!i.memory || reportsPending(i) && (cpu.x87.status() & X87.ERROR_SUMMARY) != 0) {
            return; // #MF comes first
        }
        for (Operand operand : i.operands) {
            if (operand.isMemory() && operand.size() <= LARGEST) {
                require(cpu, Access.address(cpu, i), Integer.highestOneBit(operand.size()));
            }
        }
    }

    private static boolean isCanonical(long address) {
        return address << 16 >> 16 == address;
    }

    /**
     * An address that isn't canonical is left to the access itself.
     *
     * @param size a power of two; 0 and 1 require nothing
     */
    private static void require(Cpu cpu, long address, int size) {
        if (size > 1 && (address & size - 1) != 0 && isCanonical(address) && isCanonical(address + size - 1)) {
            throw cpu.fault(ALIGNMENT_CHECK, 0);
        }
    }
}
