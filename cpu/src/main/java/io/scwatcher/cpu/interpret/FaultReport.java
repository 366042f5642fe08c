package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuException;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.decode.Operand;

/** What the processor tells of a failed access beyond what the load or store could know: it depends on the whole instruction. */
final class FaultReport {
    private static final int STACK_FAULT = 12;
    private static final int PAGE_FAULT = 14;
    /** Bit of a page fault's error code (SDM vol. 3, figure 4-12). */
    private static final int FETCH = 16;
    private static final int EXTENDED = 10;
    private static final int VECTOR = 16;
    /** Behind the last canonical address of the lower half. */
    private static final long HALF = 1L << 47;

    private FaultReport() {
    }

    /** Changes the exception that has just happened at {@code cpu.rip} into the one that the processor reports. */
    static void refine(Cpu cpu) {
        int vector = cpu.vector;
        int errorCode = cpu.errorCode;
        long address = cpu.faultAddress;
        boolean pageFault = vector == PAGE_FAULT && (errorCode & FETCH) == 0;
        if (!pageFault && (vector != Access.GENERAL_PROTECTION || isCanonical(address))) {
            return;
        }
        Instruction i;
        try {
            i = BlockDecoder.instruction(cpu);
        } catch (CpuException e) {
            cpu.fault(Access.GENERAL_PROTECTION, 0); // the fetch itself
            return;
        }
        if (!pageFault || address >= HALF - VECTOR && address < HALF && address + size(cpu, i, address) > HALF) {
            cpu.fault(meansStack(cpu, i, address) ? STACK_FAULT : Access.GENERAL_PROTECTION, 0);
        }
    }

    private static boolean isCanonical(long address) {
        return address << 16 >> 16 == address;
    }

    /** Bytes of the access that begins at the address: images are read and written piece by piece, and so is a number of the x87 unit. */
    private static int size(Cpu cpu, Instruction i, long address) {
        if (i.opcode == Opcode.FXSAVE || i.opcode == Opcode.FXRSTOR) {
            return 1; // the last one, looked at first; all else is aligned
        }
        if (i.memory && i.address(cpu) == address) {
            for (Operand o : i.operands) {
                if (o.isMemory() && o.size() > 0) {
                    return o.size() == EXTENDED ? Long.BYTES : o.size() > VECTOR ? Math.min(i.operandSize, Integer.BYTES) : o.size();
                }
            }
        }
        return i.operandSize;
    }

    /** An address that isn't canonical is #SS if the stack segment is meant (SDM vol. 1, 3.3.7.1). */
    private static boolean meansStack(Cpu cpu, Instruction i, long address) {
        boolean pushesOrPops = switch (i.opcode) {
            case PUSH, POP, PUSHF, POPF, ENTER, LEAVE, CALL, RET, PUSH_SEGMENT, POP_SEGMENT, CALL_FAR, RET_FAR, IRET -> true;
            default -> false;
        };
        boolean popped = i.opcode == Opcode.POP && address == cpu.gpr[Access.RSP];
        boolean operand = i.memory && !popped && (!pushesOrPops || Math.abs(i.address(cpu) - address) < Long.SIZE);
        return operand ? i.segment == Instruction.NONE && (i.base == Access.RSP || i.base == Access.RBP) : pushesOrPops;
    }
}
