package io.scwatcher.memory;

import java.util.List;
import java.util.Optional;

/**
 * The RAM of one virtual machine, addressed by guest-physical address. Implementations are safe for use by several
 * threads.
 *
 * <p>Callers batch: a remote implementation pays one round trip for each {@link #read(ScatterRead)}.
 */
public interface GuestMemory extends AutoCloseable {
    /** One line for people: what is read and how, as in {@code QEMU process 4711, shared file}. */
    String description();

    /** The RAM blocks, ascending and disjoint: the VM's real map with its holes. */
    List<PhysicalRange> ram();

    /**
     * Fills every entry of the batch. An entry that is not wholly RAM is marked unread; its destination is undefined.
     * Reading never makes an untouched guest page resident where the source can tell.
     *
     * @throws GuestMemoryException if the source itself fails (VM gone, file truncated, connection closed)
     */
    void read(ScatterRead batch);

    /**
     * The parts of {@code within} that can hold anything but zeros, ascending, at page granularity. What is left out
     * reads as zeros; what is returned may still be zero.
     */
    List<PhysicalRange> populated(PhysicalRange within);

    /**
     * The memory for one epoch, which begins now. A remote source may keep what it has fetched for as long as the epoch is used; others are their own epoch, and so is
     * an epoch. Closing it does nothing.
     */
    default GuestMemory epoch() {
        return this;
    }

    /** Pausing and resuming, where the source can; dumps stand still by nature and have none. */
    Optional<VmControl> control();

    /** Whether the memory can change between two reads (a running VM), as opposed to a dump or a paused VM. */
    boolean isLive();

    /**
     * Makes sure that the memory still is that of the VM, where reading alone would not show it: the file behind a VM's memory outlives it.
     *
     * @throws GuestMemoryException if the VM is gone
     */
    default void check() {}

    /** The VMCOREINFO note that a dump carries besides the RAM. A hint: most sources have none, and it can be stale. */
    default Optional<byte[]> vmcoreinfo() {
        return Optional.empty();
    }

    /**
     * Reads one run of bytes.
     *
     * @return false if the run is not wholly RAM
     */
    default boolean read(long address, byte[] destination, int offset, int length) {
        ScatterRead one = new ScatterRead(1);
        one.add(address, destination, offset, length);
        read(one);
        return one.isRead(0);
    }

    @Override
    void close();
}
