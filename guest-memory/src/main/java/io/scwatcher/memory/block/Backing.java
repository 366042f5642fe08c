package io.scwatcher.memory.block;

import io.scwatcher.memory.ScatterRead;

/**
 * Where the bytes of RAM blocks are kept: a file, or the address space of a process. Offsets are the backing's own.
 * Safe for use by several threads.
 */
public interface Backing extends AutoCloseable {
    /**
     * Fills {@code destination}. The range lies within a block that was made on this backing.
     *
     * @throws io.scwatcher.memory.GuestMemoryException if the backing is gone
     */
    void read(long offset, byte[] destination, int at, int length);

    /** Fills all entries, whose addresses are offsets in this backing. */
    default void read(ScatterRead pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            read(pieces.address(i), pieces.destination(i), pieces.offset(i), pieces.length(i));
        }
    }

    /** Whether many ranges in one call cost less than one by one. */
    default boolean batches() {
        return false;
    }

    /** Names the parts of a range that can be other than zero, ascending. */
    void populated(long offset, long length, Extents found);

    /** Receives parts of a backing. */
    @FunctionalInterface
    interface Extents {
        void add(long offset, long length);
    }

    @Override
    void close();
}
