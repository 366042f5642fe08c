package io.scwatcher.cpu.interpret;

import java.util.concurrent.ConcurrentHashMap;

/** The blocks of one frame, by the offset of their first instruction. Safe for several threads: two may both decode a block, and one block wins. */
public final class CodePage {
    private static final int CHUNK = 64;

    private final Block[][] chunks = new Block[4096 / CHUNK][];
    private final ConcurrentHashMap<Integer, BranchTargets> targets = new ConcurrentHashMap<>(1);

    /** The block that begins at this offset of the page, or null. */
    public Block at(int offset) {
        Block[] chunk = chunks[offset / CHUNK];
        return chunk == null ? null : chunk[offset % CHUNK];
    }

    /** Where the indirect branch at this offset was seen to go. */
    public BranchTargets targets(int offset) {
        return targets.computeIfAbsent(offset, key -> new BranchTargets());
    }

    void put(Block block) {
        Block[] chunk = chunks[block.offset / CHUNK];
        if (chunk == null) {
            chunk = new Block[CHUNK];
            chunks[block.offset / CHUNK] = chunk;
        }
        chunk[block.offset % CHUNK] = block;
    }
}
