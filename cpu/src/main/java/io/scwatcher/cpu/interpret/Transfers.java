package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Operand;

/** The common MOV, MOVZX, MOVSX, LEA, CMOVcc, PUSH and POP. */
final class Transfers {
    private Transfers() {
    }

    /** The operation for this instruction, or null if there is none. */
    static Op of(Instruction i) {
        if (i.operands.isEmpty() || !SourceOp.reads(i)) {
            return null;
        }
        Operand destination = i.operand(0);
        boolean toRegister = destination.isRegister() && destination.size() >= 4;
        return switch (i.opcode) {
            case MOV -> destination.isMemory() ? store(i) : toRegister ? new Load(i, i.operandSize, false) : null;
            case MOVZX -> toRegister ? new Load(i, i.operand(1).size(), false) : null;
            case MOVSX -> toRegister ? new Load(i, i.operand(1).size(), true) : null;
            case LEA -> toRegister && i.segment == Instruction.NONE ? new LoadAddress(i) : null;
            case CMOVCC -> toRegister ? new ConditionalMove(i) : null;
            case PUSH -> i.operandSize == 8 && !i.memory ? new Push(i) : null;
            case POP -> i.operandSize == 8 && !i.memory ? new Pop(i) : null;
            default -> null;
        };
    }

    private static Op store(Instruction i) {
        return i.operand(1).isRegister() ? new StoreRegister(i) : new StoreConstant(i);
    }

    /** From register, constant or memory, extended. */
    private static final class Load extends SourceOp {
        private final int destination;
        private final boolean signed;
        private final long kept;

        Load(Instruction i, int size, boolean signed) {
            super(i, size);
            destination = i.operand(0).number();
            this.signed = signed;
            kept = i.operandSize == 8 ? -1 : 0xffff_ffffL;
        }

        @Override
        void execute(Cpu cpu) {
            long value = source(cpu);
            cpu.gpr[destination] = signed ? signExtend(value) & kept : value & mask;
        }
    }

    private static final class StoreRegister extends MemoryOp {
        private final int register;

        StoreRegister(Instruction i) {
            super(i, i.operandSize);
            register = i.operand(1).number();
        }

        @Override
        void execute(Cpu cpu) {
            store(cpu, address(cpu), cpu.gpr[register]);
        }
    }

    private static final class StoreConstant extends MemoryOp {
        private final long constant;

        StoreConstant(Instruction i) {
            super(i, i.operandSize);
            constant = i.immediate;
        }

        @Override
        void execute(Cpu cpu) {
            store(cpu, address(cpu), constant);
        }
    }

    private static final class LoadAddress extends MemoryOp {
        private final int destination;

        LoadAddress(Instruction i) {
            super(i, i.operandSize);
            destination = i.reg;
        }

        @Override
        void execute(Cpu cpu) {
            cpu.gpr[destination] = address(cpu) & mask;
        }
    }

    private static final class ConditionalMove extends SourceOp {
        private final int destination;
        private final int condition;

        ConditionalMove(Instruction i) {
            super(i, i.operandSize);
            destination = i.reg;
            condition = i.condition;
        }

        @Override
        void execute(Cpu cpu) {
            long value = source(cpu);
            cpu.gpr[destination] = (cpu.condition(condition) ? value : cpu.gpr[destination]) & mask;
        }
    }

    private static final class Push extends SourceOp {
        Push(Instruction i) {
            super(i, 8);
        }

        @Override
        void execute(Cpu cpu) {
            long top = cpu.gpr[Access.RSP] - 8;
            cpu.store64(top, source(cpu));
            cpu.gpr[Access.RSP] = top;
        }
    }

    private static final class Pop extends Op {
        private final int register;

        Pop(Instruction i) {
            super(i.length);
            register = i.rm;
        }

        @Override
        void execute(Cpu cpu) {
            long top = cpu.gpr[Access.RSP];
            long value = cpu.load64(top);
            cpu.gpr[Access.RSP] = top + 8;
            cpu.gpr[register] = value;
        }
    }
}
