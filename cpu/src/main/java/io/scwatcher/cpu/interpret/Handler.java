package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;

/**
 * Executes the instructions of one or of several opcodes. While it runs, {@code cpu.rip} is the address of the instruction; whoever calls moves on
 * to the next one, so only branches set {@code cpu.rip} (and their form has the attribute {@code end}). It reads and writes memory, and raises
 * exceptions ({@code throw cpu.fault(vector, errorCode)}), before it changes any register or flag. Interpreter and compiled code both call it.
 */
@FunctionalInterface
public interface Handler {
    void execute(Cpu cpu, Instruction instruction);
}
