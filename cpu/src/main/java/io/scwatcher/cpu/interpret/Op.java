package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;

/** One instruction, or several that are fused, translated for the interpreter. Immutable and position independent. */
abstract class Op {
    /** Bytes of guest code. */
    final int length;

    Op(int length) {
        this.length = length;
    }

    /** Executes it; {@code cpu.rip} is its address, and stays. */
    abstract void execute(Cpu cpu);

    /** An instruction without a translation of its own. */
    static final class Handled extends Op {
        private final Instruction instruction;
        private final Handler handler;

        Handled(Instruction instruction, Handler handler) {
            super(instruction.length);
            this.instruction = instruction;
            this.handler = handler;
        }

        @Override
        void execute(Cpu cpu) {
            handler.execute(cpu, instruction);
        }
    }
}
