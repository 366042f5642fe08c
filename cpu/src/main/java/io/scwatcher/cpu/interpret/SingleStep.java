package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuException;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** Executes one instruction by itself: for the trap flag, and for instructions that write to code. */
final class SingleStep {
    private static final int DEBUG = 1;

    private SingleStep() {
    }

    /** Null to go on at {@code cpu.rip}. */
    static Event execute(Cpu cpu) {
        Instruction instruction = BlockDecoder.instruction(cpu);
        if ((cpu.controlFlags & Flags.AC) != 0) {
            AlignmentCheck.check(cpu, instruction);
        }
        while (true) {
            try {
                Translator.handler(instruction).execute(cpu, instruction);
                break;
            } catch (CpuException e) {
                if (e != CpuException.CODE_CHANGED) {
                    throw e;
                }
                cpu.forgetCode();
            }
        }
        if (instruction.opcode == Opcode.SYSCALL) {
            return Event.SYSTEM_CALL;
        }
        if (!instruction.form.endsBlock()) {
            cpu.rip += instruction.length;
        }
        return null;
    }

    /** Whether a flag wants instructions to be executed one by one: the trap flag, or alignment checks. */
    static boolean isWanted(Cpu cpu) {
        return (cpu.controlFlags & (Flags.TF | Flags.AC)) != 0;
    }

    /** Executes the next instruction and then raises #DB if the trap flag was set before (SDM vol. 3, 17.3.1.4). */
    static Event trap(Cpu cpu) {
        if (cpu.takeAttention()) {
            return Event.ATTENTION;
        }
        boolean traps = (cpu.controlFlags & Flags.TF) != 0;
        Event event = execute(cpu);
        if (event == null && traps) {
            throw cpu.fault(DEBUG, 0);
        }
        return event;
    }
}
