package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.decode.Instruction;

/** The last instruction of a block. Immutable and position independent. */
abstract class End {
    /** Executes it; {@code cpu.rip} is its address before, and the next instruction's after. Returns null to go on there. */
    abstract Event execute(Cpu cpu);

    /** A branch, or something else that the next instruction must know, without a translation of its own. */
    static final class Handled extends End {
        private final Instruction instruction;
        private final Handler handler;

        Handled(Instruction instruction, Handler handler) {
            this.instruction = instruction;
            this.handler = handler;
        }

        @Override
        Event execute(Cpu cpu) {
            handler.execute(cpu, instruction);
            return null;
        }
    }

    /** An ordinary instruction behind which the block ends because of its length or of the page's. */
    static final class Straight extends End {
        private final Op op;

        Straight(Op op) {
            this.op = op;
        }

        @Override
        Event execute(Cpu cpu) {
            op.execute(cpu);
            cpu.rip += op.length;
            return null;
        }
    }

    /** SYSCALL. */
    static final class SystemCall extends End {
        private final Instruction instruction;

        SystemCall(Instruction instruction) {
            this.instruction = instruction;
        }

        @Override
        Event execute(Cpu cpu) {
            Branches.syscall(cpu, instruction);
            return Event.SYSTEM_CALL;
        }
    }
}
