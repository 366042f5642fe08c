package io.scwatcher.cpu.interpret;

/** Whom the interpreter tells about blocks that are worth compiling. */
public interface BlockCompiler {
    /** How many executions make a block hot; {@link #hot} is called at the one that reaches it. */
    int threshold();

    /** Compiles the block, now or later, and sets {@link Block#compiled}. Any thread may call. */
    void hot(Block block);
}
