package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.memory.PageTableEntry;

/** Makes an instruction atomic on memory that other address spaces share; within its own address space every instruction is. */
record Locked(Handler handler) implements Handler {
    @Override
    public void execute(Cpu cpu, Instruction instruction) {
        PageTableEntry entry = cpu.writable(instruction.address(cpu));
        if (entry.shared()) {
            synchronized (entry.frame()) {
                handler.execute(cpu, instruction);
            }
        } else {
            handler.execute(cpu, instruction);
        }
    }
}
