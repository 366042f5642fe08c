package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;

/** Whom the interpreter tells about blocks that are worth compiling. */
public interface BlockCompiler {
    /** How many executions make a block hot; {@link #hot} is called at the one that reaches it. */
    int threshold();

    /** Compiles the block at {@code cpu.rip}, now or later, and sets {@link Block#compiled}. The processor's thread calls. */
    void hot(Cpu cpu, Block block);
}
