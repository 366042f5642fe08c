package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** Chooses how the interpreter executes an instruction. */
public final class Translator {
    private Translator() {
    }

    static Op op(Instruction instruction) {
        Op op = Transfers.of(instruction);
        if (op == null) {
            op = RegisterArithmetic.of(instruction);
        }
        if (op == null) {
            op = Comparison.of(instruction);
        }
        if (op == null) {
            op = VectorOps.of(instruction);
        }
        return op != null ? op : new Op.Handled(instruction, handler(instruction));
    }

    static End end(Instruction instruction) {
        if (!instruction.form.endsBlock()) {
            return new End.Straight(op(instruction));
        }
        if (instruction.opcode == Opcode.SYSCALL) {
            return new End.SystemCall(instruction);
        }
        End end = BranchEnds.of(instruction);
        return end != null ? end : new End.Handled(instruction, handler(instruction));
    }

    /** The end that is both of a block's last two instructions, or null if they can't be fused. */
    static End fused(Instruction first, Instruction second) {
        Comparison comparison = second.opcode == Opcode.JCC ? Comparison.of(first) : null;
        return comparison == null ? null : new BranchEnds.Fused(comparison, second);
    }

    /** The handler, which also keeps other address spaces away from locked memory. */
    public static Handler handler(Instruction instruction) {
        Handler handler = Handlers.of(instruction.form);
        boolean locked = instruction.memory && (instruction.lock || instruction.opcode == Opcode.XCHG);
        return locked ? new Locked(handler) : handler;
    }
}
