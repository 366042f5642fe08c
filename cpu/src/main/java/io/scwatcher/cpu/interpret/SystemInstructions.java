package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.GENERAL_PROTECTION;
import static io.scwatcher.cpu.interpret.Access.RAX;
import static io.scwatcher.cpu.interpret.Access.RBX;
import static io.scwatcher.cpu.interpret.Access.RCX;
import static io.scwatcher.cpu.interpret.Access.RDX;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuFeatures;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** What a user program may ask of the processor itself, and what it may not. */
final class SystemInstructions {
    /** The error code of a fault at an IDT entry has bit 1 set (SDM vol. 3, 6.13). */
    private static final int IDT = 2;

    private SystemInstructions() {
    }

    static void register(Handlers handlers) {
        handlers.add(SystemInstructions::cpuid, Opcode.CPUID);
        handlers.add((cpu, i) -> timeStamp(cpu), Opcode.RDTSC);
        handlers.add(SystemInstructions::timeStampAndProcessor, Opcode.RDTSCP);
        handlers.add(SystemInstructions::interrupt, Opcode.INT);
        handlers.add(SystemInstructions::undefined, Opcode.UD);
        handlers.add(SystemInstructions::privileged, Opcode.PRIVILEGED);
    }

    private static void cpuid(Cpu cpu, Instruction i) {
        int[] leaf = CpuFeatures.cpuid((int) cpu.gpr[RAX], (int) cpu.gpr[RCX]);
        cpu.gpr[RAX] = leaf[0] & 0xffff_ffffL;
        cpu.gpr[RBX] = leaf[1] & 0xffff_ffffL;
        cpu.gpr[RCX] = leaf[2] & 0xffff_ffffL;
        cpu.gpr[RDX] = leaf[3] & 0xffff_ffffL;
    }

    /** The counter runs at 1 GHz. */
    private static void timeStamp(Cpu cpu) {
        long now = System.nanoTime();
        cpu.gpr[RAX] = now & 0xffff_ffffL;
        cpu.gpr[RDX] = now >>> 32;
    }

    /** TSC_AUX: processor 0 of node 0. */
    private static void timeStampAndProcessor(Cpu cpu, Instruction i) {
        timeStamp(cpu);
        cpu.gpr[RCX] = 0;
    }

    /** No gate of Linux but 3 and 4 lets user mode in, and 80 hex leads to the 32-bit system calls, which are not there. */
    private static void interrupt(Cpu cpu, Instruction i) {
        int vector = (int) i.immediate & 0xff;
        if (vector == Access.BREAKPOINT || vector == Access.OVERFLOW) {
            cpu.rip += i.length;
            throw cpu.fault(vector, 0);
        }
        throw cpu.fault(GENERAL_PROTECTION, vector << 3 | IDT);
    }

    private static void undefined(Cpu cpu, Instruction i) {
        throw cpu.fault(Access.INVALID_OPCODE, 0);
    }

    private static void privileged(Cpu cpu, Instruction i) {
        throw cpu.fault(namesNoRegister(i) ? Access.INVALID_OPCODE : GENERAL_PROTECTION, 0);
    }

    /** Control registers other than 0, 2, 3, 4 and 8, and debug registers above 7, don't exist. */
    private static boolean namesNoRegister(Instruction i) {
        if (i.operands.size() != 1 || i.form.map() != 1) {
            return false;
        }
        return switch (i.form.opcodeByte()) {
            case 0x20, 0x22 -> (1 << i.reg & (1 << 0 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 8)) == 0;
            case 0x21, 0x23 -> i.reg > 7;
            default -> false;
        };
    }
}
