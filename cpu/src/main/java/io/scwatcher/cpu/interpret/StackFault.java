package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuException;
import io.scwatcher.cpu.decode.Instruction;

/** Tells #SS from #GP: an address that isn't canonical is #SS if the stack segment is meant (SDM vol. 1, 3.3.7.1). */
final class StackFault {
    private static final int STACK = 12;

    private StackFault() {
    }

    /** Changes the vector of the exception that has just happened at {@code cpu.rip}, where that is due. */
    static void refine(Cpu cpu) {
        long address = cpu.faultAddress;
        if (cpu.vector != Access.GENERAL_PROTECTION || address << 16 >> 16 == address) {
            return;
        }
        try {
            if (meansStack(cpu, BlockDecoder.instruction(cpu), address)) {
                cpu.fault(STACK, 0);
            }
        } catch (CpuException e) {
            cpu.fault(Access.GENERAL_PROTECTION, 0); // the fetch itself
        }
    }

    private static boolean meansStack(Cpu cpu, Instruction i, long address) {
        boolean pushesOrPops = switch (i.opcode) {
            case PUSH, POP, PUSHF, POPF, ENTER, LEAVE, CALL, RET, PUSH_SEGMENT, POP_SEGMENT, CALL_FAR, RET_FAR, IRET -> true;
            default -> false;
        };
        boolean operand = i.memory && (!pushesOrPops || Math.abs(i.address(cpu) - address) < Long.SIZE);
        return operand ? i.segment == Instruction.NONE && (i.base == Access.RSP || i.base == Access.RBP) : pushesOrPops;
    }
}
