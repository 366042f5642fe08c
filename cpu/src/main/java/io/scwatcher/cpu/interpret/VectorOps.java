package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Family;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.packed.PackedIntegers;

/** What compilers and string functions use most of SSE: moves of whole registers, comparison and logic of bytes, the mask of their signs. */
final class VectorOps {
    private VectorOps() {
    }

    /** The operation for this instruction, or null if there is none. */
    static Op of(Instruction i) {
        if (i.form.family() != Family.SSE) {
            return null;
        }
        return switch (i.opcode) {
            case MOVDQU, MOVUPS, MOVUPD, LDDQU -> move(i, false);
            case MOVDQA, MOVAPS, MOVAPD, MOVNTDQ -> move(i, true);
            case MOVQ, MOVD -> i.memory ? null : i.operand(1).isRegister() ? new FromGeneral(i) : i.operand(0).isRegister() ? new ToGeneral(i) : null;
            case PCMPEQB, PMINUB, PMAXUB, PSUBB, PAND, PANDN, POR, PXOR, XORPS, ANDPS -> new Lanewise(i);
            case PMOVMSKB -> new ByteMask(i);
            default -> null;
        };
    }

    private static Op move(Instruction i, boolean aligned) {
        if (!i.memory) {
            return new Copy(i);
        }
        return i.operand(0).isMemory() ? new Store(i, aligned) : new Load(i, aligned);
    }

    /** The index of a register's low quadword in {@code cpu.xmm}. */
    private static int low(int register) {
        return 2 * register;
    }

    /** Of 16 bytes in memory, perhaps aligned. */
    private abstract static class Operand extends MemoryOp {
        private final boolean aligned;

        Operand(Instruction i, boolean aligned) {
            super(i, 8);
            this.aligned = aligned;
        }

        final long checkedAddress(Cpu cpu) {
            long address = address(cpu);
            if (aligned && (address & 15) != 0) {
                throw cpu.fault(Access.GENERAL_PROTECTION, 0);
            }
            return address;
        }
    }

    private static final class Load extends Operand {
        private final int destination;

        Load(Instruction i, boolean aligned) {
            super(i, aligned);
            destination = low(i.reg);
        }

        @Override
        void execute(Cpu cpu) {
            long address = checkedAddress(cpu);
            long low = cpu.load64(address);
            cpu.xmm[destination + 1] = cpu.load64(address + 8);
            cpu.xmm[destination] = low;
        }
    }

    private static final class Store extends Operand {
        private final int source;

        Store(Instruction i, boolean aligned) {
            super(i, aligned);
            source = low(i.reg);
        }

        @Override
        void execute(Cpu cpu) {
            SseOperands.store(cpu, checkedAddress(cpu), cpu.xmm[source], cpu.xmm[source + 1]);
        }
    }

    private static final class Copy extends Op {
        private final int destination;
        private final int source;

        Copy(Instruction i) {
            super(i.length);
            destination = low(i.operand(0).number());
            source = low(i.operand(1).number());
        }

        @Override
        void execute(Cpu cpu) {
            cpu.xmm[destination] = cpu.xmm[source];
            cpu.xmm[destination + 1] = cpu.xmm[source + 1];
        }
    }

    /** MOVD and MOVQ from a general register. */
    private static final class FromGeneral extends Op {
        private final int destination;
        private final int source;
        private final long mask;

        FromGeneral(Instruction i) {
            super(i.length);
            destination = low(i.reg);
            source = i.rm;
            mask = i.operand(1).size() == 8 ? -1 : 0xFFFF_FFFFL;
        }

        @Override
        void execute(Cpu cpu) {
            cpu.xmm[destination] = cpu.gpr[source] & mask;
            cpu.xmm[destination + 1] = 0;
        }
    }

    /** MOVD and MOVQ to a general register. */
    private static final class ToGeneral extends Op {
        private final int destination;
        private final int source;
        private final long mask;

        ToGeneral(Instruction i) {
            super(i.length);
            destination = i.rm;
            source = low(i.reg);
            mask = i.operand(0).size() == 8 ? -1 : 0xFFFF_FFFFL;
        }

        @Override
        void execute(Cpu cpu) {
            cpu.gpr[destination] = cpu.xmm[source] & mask;
        }
    }

    /** An operation on both quadwords alike. One class for all, with a switch instead of a call. */
    private static final class Lanewise extends Operand {
        private static final int EQUAL = 0, MINIMUM = 1, MAXIMUM = 2, SUBTRACT = 3, AND = 4, AND_NOT = 5, OR = 6, EXCLUSIVE_OR = 7;

        private final int kind;
        private final boolean fromMemory;
        private final int destination;
        private final int source;

        Lanewise(Instruction i) {
            super(i, true);
            fromMemory = i.memory;
            destination = low(i.reg);
            source = low(i.rm);
            kind = switch (i.opcode) {
                case PCMPEQB -> EQUAL;
                case PMINUB -> MINIMUM;
                case PMAXUB -> MAXIMUM;
                case PSUBB -> SUBTRACT;
                case PAND, ANDPS -> AND;
                case PANDN -> AND_NOT;
                case POR -> OR;
                default -> EXCLUSIVE_OR;
            };
        }

        @Override
        void execute(Cpu cpu) {
            long[] xmm = cpu.xmm;
            long low;
            long high;
            if (fromMemory) {
                long address = checkedAddress(cpu);
                low = cpu.load64(address);
                high = cpu.load64(address + 8);
            } else {
                low = xmm[source];
                high = xmm[source + 1];
            }
            xmm[destination] = operate(xmm[destination], low);
            xmm[destination + 1] = operate(xmm[destination + 1], high);
        }

        private long operate(long a, long b) {
            return switch (kind) {
                case EQUAL -> PackedIntegers.pcmpeqb(a, b);
                case MINIMUM -> PackedIntegers.pminub(a, b);
                case MAXIMUM -> PackedIntegers.pmaxub(a, b);
                case SUBTRACT -> PackedIntegers.psubb(a, b);
                case AND -> a & b;
                case AND_NOT -> ~a & b;
                case OR -> a | b;
                default -> a ^ b;
            };
        }
    }

    private static final class ByteMask extends Op {
        private final int destination;
        private final int source;

        ByteMask(Instruction i) {
            super(i.length);
            destination = i.reg;
            source = low(i.rm);
        }

        @Override
        void execute(Cpu cpu) {
            cpu.gpr[destination] = PackedIntegers.pmovmskb(cpu.xmm[source]) | PackedIntegers.pmovmskb(cpu.xmm[source + 1]) << 8;
        }
    }
}
