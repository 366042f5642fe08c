package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.decode.Instruction;

/** The common branches at the end of a block. */
final class BranchEnds {
    private BranchEnds() {
    }

    /** The end for this branch, or null if there is none of its own. */
    static End of(Instruction i) {
        return switch (i.opcode) {
            case JCC -> new Conditional(i);
            case JMP -> i.form.relative() ? new Jump(i) : null;
            case CALL -> i.form.relative() ? new Call(i) : null;
            case RET -> i.immediate == 0 ? new Return() : null;
            default -> null;
        };
    }

    /** CMP or TEST with the Jcc behind it. */
    static final class Fused extends End {
        private final Comparison comparison;
        private final int condition;
        private final int taken;
        private final int notTaken;

        Fused(Comparison comparison, Instruction branch) {
            this.comparison = comparison;
            condition = branch.condition;
            taken = comparison.length + (int) branch.immediate;
            notTaken = comparison.length + branch.length;
        }

        @Override
        Event execute(Cpu cpu) {
            cpu.rip += comparison.holds(cpu, condition) ? taken : notTaken;
            return null;
        }
    }

    private static final class Conditional extends End {
        private final int condition;
        private final int taken;
        private final int notTaken;

        Conditional(Instruction i) {
            condition = i.condition;
            taken = (int) i.immediate;
            notTaken = i.length;
        }

        @Override
        Event execute(Cpu cpu) {
            cpu.rip += cpu.condition(condition) ? taken : notTaken;
            return null;
        }
    }

    private static final class Jump extends End {
        private final int distance;

        Jump(Instruction i) {
            distance = (int) i.immediate;
        }

        @Override
        Event execute(Cpu cpu) {
            cpu.rip += distance;
            return null;
        }
    }

    private static final class Call extends End {
        private final int distance;
        private final int length;

        Call(Instruction i) {
            distance = (int) i.immediate;
            length = i.length;
        }

        @Override
        Event execute(Cpu cpu) {
            long top = cpu.gpr[Access.RSP] - 8;
            cpu.store64(top, cpu.rip + length);
            cpu.gpr[Access.RSP] = top;
            cpu.rip += distance;
            return null;
        }
    }

    private static final class Return extends End {
        @Override
        Event execute(Cpu cpu) {
            long top = cpu.gpr[Access.RSP];
            cpu.rip = Branches.canonical(cpu, cpu.load64(top));
            cpu.gpr[Access.RSP] = top + 8;
            return null;
        }
    }
}
