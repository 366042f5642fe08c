package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuException;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.memory.PageTableEntry;

/** Makes an instruction atomic on memory that other address spaces share; within its own address space every instruction is. */
record Locked(Handler handler) implements Handler {
    @Override
    public void execute(Cpu cpu, Instruction instruction) {
        PageTableEntry entry;
        try {
            entry = cpu.writable(Access.address(cpu, instruction));
        } catch (CpuException e) {
            if (e == CpuException.FAULT) {
                handler.execute(cpu, instruction); // which may have another reason to fault that comes first
            }
            throw e;
        }
        if (entry.shared()) {
            synchronized (entry.frame()) {
                handler.execute(cpu, instruction);
            }
        } else {
            handler.execute(cpu, instruction);
        }
    }
}
