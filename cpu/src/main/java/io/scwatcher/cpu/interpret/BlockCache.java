package io.scwatcher.cpu.interpret;

import java.util.Arrays;

/** The blocks that one processor met last, by address, and what they were compiled to: direct mapped. Whoever learns that code has changed clears it. */
public final class BlockCache {
    private static final int ENTRIES = 4096;

    final long[] addresses = new long[ENTRIES];
    final Block[] blocks = new Block[ENTRIES];

    /** What may run in the block's stead in this processor's address space, or null. */
    final CompiledBlock[] compiled = new CompiledBlock[ENTRIES];

    public BlockCache() {
        Arrays.fill(addresses, -1);
    }

    static int index(long address) {
        return (int) (address ^ address >>> 12) & ENTRIES - 1;
    }

    /** Forgets all. */
    public void clear() {
        Arrays.fill(addresses, -1);
        Arrays.fill(blocks, null);
        Arrays.fill(compiled, null);
    }
}
