package io.scwatcher.cpu.interpret;

import java.util.Arrays;

/** The blocks that one processor met last, by address, and what they were compiled to: direct mapped. Whoever learns that code has changed clears it. */
public final class BlockCache {
    private static final int ENTRIES = 4096;

    /** Addresses that belong into other slots, so that no lookup finds an empty one. */
    private static final long[] NOWHERE = new long[ENTRIES];

    static {
        Arrays.setAll(NOWHERE, i -> i + 1 & ENTRIES - 1);
    }

    final long[] addresses = NOWHERE.clone();
    final Block[] blocks = new Block[ENTRIES];

    /** What may run in the block's stead in this processor's address space, or null. */
    final CompiledBlock[] compiled = new CompiledBlock[ENTRIES];

    static int index(long address) {
        return (int) (address ^ address >>> 12) & ENTRIES - 1;
    }

    /** Forgets all. */
    public void clear() {
        System.arraycopy(NOWHERE, 0, addresses, 0, ENTRIES);
        Arrays.fill(blocks, null);
        Arrays.fill(compiled, null);
    }
}
