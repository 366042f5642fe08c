package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Operand;

/** An operation whose last operand is only read. */
abstract class SourceOp extends MemoryOp {
    private static final int REGISTER = 0;
    private static final int CONSTANT = 1;
    private static final int MEMORY = 2;

    private final int from;
    private final int register;
    private final long constant;

    /** @param size of the source in bytes */
    SourceOp(Instruction i, int size) {
        super(i, size);
        Operand source = i.operands.getLast();
        from = source.isMemory() ? MEMORY : source.isRegister() ? REGISTER : CONSTANT;
        register = source.number();
        constant = i.immediate;
    }

    /** Whether the last operand is of a kind that this class reads. */
    static boolean reads(Instruction i) {
        return i.operands.getLast().kind() != Operand.Kind.HIGH_BYTE;
    }

    /** Upper bits are anything. */
    final long source(Cpu cpu) {
        return from == REGISTER ? cpu.gpr[register] : from == CONSTANT ? constant : load(cpu, address(cpu));
    }
}
