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
     * @return false if these bytes cannot be read though the backing is well
     * @throws io.scwatcher.memory.GuestMemoryException if the backing is gone
     */
    boolean read(long offset, byte[] destination, int at, int length);

    /** Fills the entries, whose addresses are offsets in this backing, and marks those that it could read. */
    default void read(ScatterRead pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            if (read(pieces.address(i), pieces.destination(i), pieces.offset(i), pieces.length(i))) {
                pieces.markRead(i);
            }
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
