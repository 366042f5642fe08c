package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** Chooses how the interpreter executes an instruction. */
public final class Translator {
    private Translator() {
    }

    static Op op(Instruction instruction) {
        return new Op.Handled(instruction, handler(instruction));
    }

    static End end(Instruction instruction) {
        if (!instruction.form.endsBlock()) {
            return new End.Straight(op(instruction));
        }
        return instruction.opcode == Opcode.SYSCALL ? new End.SystemCall(instruction) : new End.Handled(instruction, handler(instruction));
    }

    /** The handler, which also keeps other address spaces away from locked memory. */
    public static Handler handler(Instruction instruction) {
        Handler handler = Handlers.of(instruction.form);
        boolean locked = instruction.memory && (instruction.lock || instruction.opcode == Opcode.XCHG);
        return locked ? new Locked(handler) : handler;
    }
}
