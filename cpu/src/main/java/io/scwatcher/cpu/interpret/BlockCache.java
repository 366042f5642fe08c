package io.scwatcher.cpu.interpret;

import java.util.Arrays;

/** The blocks that one processor met last, by address: direct mapped. Whoever learns that code has changed clears it. */
public final class BlockCache {
    private static final int ENTRIES = 4096;

    private final long[] addresses = new long[ENTRIES];
    private final Block[] blocks = new Block[ENTRIES];

    public BlockCache() {
        clear();
    }

    /** The block at this address, or null if it isn't known. */
    public Block get(long address) {
        int index = (int) address & ENTRIES - 1;
        return addresses[index] == address ? blocks[index] : null;
    }

    void put(long address, Block block) {
        int index = (int) address & ENTRIES - 1;
        addresses[index] = address;
        blocks[index] = block;
    }

    /** Forgets all. */
    public void clear() {
        Arrays.fill(addresses, -1);
        Arrays.fill(blocks, null);
    }
}
