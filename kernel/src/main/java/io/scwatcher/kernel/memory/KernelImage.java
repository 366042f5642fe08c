package io.scwatcher.kernel.memory;

import io.scwatcher.kernel.arch.KernelMapping;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;

/** The kernel's image in memory, read by its linear mapping alone: no page table is needed or believed. */
public final class KernelImage {
    /** {@code KERNEL_IMAGE_SIZE} at its largest is 1 GiB, real images are below this. */
    private static final long MAX_SIZE = 256L << 20;

    private final GuestMemory memory;
    private final KernelMapping mapping;
    private final long start;
    private final long end;

    /**
     * @param inside an address inside the image, from which on it is looked at
     */
    public KernelImage(GuestMemory memory, KernelMapping mapping, long inside) {
        this.memory = memory;
        this.mapping = mapping;
        this.start = inside;
        this.end = inside + sizeFrom(mapping.imageToPhysical(inside));
    }

    /** The first address looked at, page-aligned or not, as given. */
    public long start() {
        return start;
    }

    /** The first address that cannot belong to the image; equal to {@link #start()} if the image is not in RAM. */
    public long end() {
        return end;
    }

    public boolean contains(long address) {
        return address - start >= 0 && address - end < 0;
    }

    /** Fills {@code destination} from an image address; false where that leaves the image. */
    public boolean read(long address, byte[] destination, int offset, int length) {
        boolean inside = contains(address) && length <= end - address;
        return inside && (length == 0 || memory.read(mapping.imageToPhysical(address), destination, offset, length));
    }

    /** Bytes of the image, or null where they leave it. */
    public byte[] read(long address, int length) {
        if (length < 0 || !contains(address) || length > end - address) {
            return null;
        }
        byte[] bytes = new byte[length];
        return read(address, bytes, 0, length) ? bytes : null;
    }

    private long sizeFrom(long physical) {
        for (PhysicalRange range : memory.ram()) {
            if (physical >= 0 && range.contains(physical)) {
                return Math.min(MAX_SIZE, range.end() - physical);
            }
        }
        return 0;
    }
}
