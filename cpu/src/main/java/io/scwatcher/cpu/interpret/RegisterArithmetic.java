package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** Arithmetic of 32 and 64 bits with a register as destination. */
abstract class RegisterArithmetic extends SourceOp {
    final int destination;

    private RegisterArithmetic(Instruction i) {
        super(i, i.operandSize);
        destination = i.operand(0).number();
    }

    /** The operation for this instruction, or null if there is none. */
    static Op of(Instruction i) {
        if (i.operandSize < 4 || i.operands.isEmpty() || !i.operand(0).isRegister() || !reads(i)) {
            return null;
        }
        boolean constant = !i.operands.getLast().isMemory() && !i.operands.getLast().isRegister();
        return switch (i.opcode) {
            case ADD -> new Add(i);
            case SUB -> new Subtract(i);
            case AND -> new And(i);
            case OR -> new Or(i);
            case XOR -> new Xor(i);
            case IMUL -> i.operands.size() == 2 ? new Multiply(i) : null;
            case INC -> new Step(i, 1);
            case DEC -> new Step(i, -1);
            case SHL -> constant ? new ShiftLeft(i) : null;
            case SHR, SAR -> constant ? new ShiftRight(i) : null;
            default -> null;
        };
    }

    private static final class Add extends RegisterArithmetic {
        Add(Instruction i) {
            super(i);
        }

        @Override
        void execute(Cpu cpu) {
            long b = source(cpu);
            long a = cpu.gpr[destination];
            long r = a + b;
            cpu.gpr[destination] = r & mask;
            added(cpu, a, b, r);
        }
    }

    private static final class Subtract extends RegisterArithmetic {
        Subtract(Instruction i) {
            super(i);
        }

        @Override
        void execute(Cpu cpu) {
            long b = source(cpu);
            long a = cpu.gpr[destination];
            long r = a - b;
            cpu.gpr[destination] = r & mask;
            subtracted(cpu, a, b, r);
        }
    }

    private static final class And extends RegisterArithmetic {
        And(Instruction i) {
            super(i);
        }

        @Override
        void execute(Cpu cpu) {
            long r = source(cpu) & cpu.gpr[destination];
            cpu.gpr[destination] = r & mask;
            combined(cpu, r);
        }
    }

    private static final class Or extends RegisterArithmetic {
        Or(Instruction i) {
            super(i);
        }

        @Override
        void execute(Cpu cpu) {
            long r = source(cpu) | cpu.gpr[destination];
            cpu.gpr[destination] = r & mask;
            combined(cpu, r);
        }
    }

    private static final class Xor extends RegisterArithmetic {
        Xor(Instruction i) {
            super(i);
        }

        @Override
        void execute(Cpu cpu) {
            long r = source(cpu) ^ cpu.gpr[destination];
            cpu.gpr[destination] = r & mask;
            combined(cpu, r);
        }
    }

    /** IMUL with two operands. */
    private static final class Multiply extends RegisterArithmetic {
        Multiply(Instruction i) {
            super(i);
        }

        @Override
        void execute(Cpu cpu) {
            long a = signExtend(cpu.gpr[destination]);
            long b = signExtend(source(cpu));
            long r = a * b;
            cpu.gpr[destination] = r & mask;
            boolean overflow = mask == -1 ? Math.multiplyHigh(a, b) != r >> 63 : r != (int) r;
            cpu.result = signExtend(r);
            cpu.carries = Flags.of(overflow, overflow);
        }
    }

    /** INC and DEC. */
    private static final class Step extends RegisterArithmetic {
        private final int step;

        Step(Instruction i, int step) {
            super(i);
            this.step = step;
        }

        @Override
        void execute(Cpu cpu) {
            long before = cpu.carries;
            long a = cpu.gpr[destination];
            long r = a + step;
            cpu.gpr[destination] = r & mask;
            if (step > 0) {
                added(cpu, a, 1, r);
            } else {
                subtracted(cpu, a, 1, r);
            }
            cpu.carries = Flags.keepCarry(cpu.carries, before);
        }
    }

    private static final class ShiftLeft extends RegisterArithmetic {
        private final int count;

        ShiftLeft(Instruction i) {
            super(i);
            count = (int) i.immediate & (i.operandSize == 8 ? 63 : 31);
        }

        @Override
        void execute(Cpu cpu) {
            long a = signExtend(cpu.gpr[destination]);
            long r = a << count;
            cpu.gpr[destination] = r & mask;
            if (count != 0) {
                boolean out = signExtend(a << count - 1) < 0;
                cpu.result = signExtend(r);
                cpu.carries = Flags.of(out, out != cpu.result < 0);
            }
        }
    }

    /** SHR and SAR. */
    private static final class ShiftRight extends RegisterArithmetic {
        private final int count;
        private final boolean signed;

        ShiftRight(Instruction i) {
            super(i);
            count = (int) i.immediate & (i.operandSize == 8 ? 63 : 31);
            signed = i.opcode == Opcode.SAR;
        }

        @Override
        void execute(Cpu cpu) {
            long a = cpu.gpr[destination];
            a = signed ? signExtend(a) : a & mask;
            long r = signed ? a >> count : a >>> count;
            cpu.gpr[destination] = r & mask;
            if (count != 0) {
                boolean out = (a >> count - 1 & 1) != 0;
                cpu.result = signExtend(r);
                cpu.carries = Flags.of(out, !signed && signExtend(a) < 0);
            }
        }
    }
}
