package io.scwatcher.kernel.memory;

/**
 * Little-endian reads of one virtual address space during one epoch. Safe for several threads.
 *
 * <p>Every method throws {@link MemoryFault} where an address is not mapped to readable RAM.
 */
public interface VirtualMemory {
    /** Unsigned: 0 to 0xff. */
    int u8(long address);

    /** Unsigned: 0 to 0xffff. */
    int u16(long address);

    /** Unsigned: 0 to 0xffff_ffff. */
    long u32(long address);

    long u64(long address);

    /** Fills {@code destination[offset .. offset + length)}, across pages. */
    void read(long address, byte[] destination, int offset, int length);

    /**
     * Reads what is mapped from {@code address} on, up to the first hole.
     *
     * @return the number of bytes read, 0 to {@code length}
     */
    int readSome(long address, byte[] destination, int offset, int length);

    /**
     * A NUL-terminated string of at most {@code limit} bytes (cut there if no NUL was met), one {@code char} for each
     * byte (ISO 8859-1), so that nothing of a name in another encoding is lost.
     */
    String string(long address, int limit);

    /** Whether the byte at {@code address} can be read. */
    boolean isMapped(long address);

    /** The guest-physical address behind a virtual one, or -1 where nothing is mapped. */
    long physical(long address);

    /** Says that these addresses will be read soon, so that a remote source can fetch their pages in one request. */
    default void prefetch(long[] addresses, int count) {}
}
