package io.scwatcher.kernel.memory;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import java.nio.charset.StandardCharsets;

/** The kernel's image in memory, read by its linear mapping alone: no page table is needed or believed. */
public final class KernelImage {
    /** {@code KERNEL_IMAGE_SIZE} at its largest is 1 GiB, real images are below this. */
    private static final long MAX_SIZE = 256L << 20;

    private final GuestMemory memory;
    private final long shift;
    private final long start;
    private final long end;

    /**
     * @param shift virtual minus physical address of the image
     * @param inside an address inside the image, from which on it is looked at
     */
    public KernelImage(GuestMemory memory, long shift, long inside) {
        this.memory = memory;
        this.shift = shift;
        this.start = inside;
        this.end = inside + sizeFrom(inside - shift);
    }

    /** The first address looked at. */
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
        return inside && (length == 0 || memory.read(address - shift, destination, offset, length));
    }

    /** Bytes of the image, or null where they leave it. */
    public byte[] read(long address, int length) {
        if (length < 0 || !contains(address) || length > end - address) {
            return null;
        }
        byte[] bytes = new byte[length];
        return read(address, bytes, 0, length) ? bytes : null;
    }

    /** A 64-bit word, or {@code otherwise} where the image ends before it. */
    public long u64(long address, long otherwise) {
        byte[] bytes = read(address, Long.BYTES);
        if (bytes == null) {
            return otherwise;
        }
        long value = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }

    /** A NUL-terminated string of at most {@code limit} bytes, "" where the image ends before it. */
    public String string(long address, int limit) {
        byte[] text = contains(address) ? read(address, (int) Math.min(limit, end - address)) : null;
        int length = 0;
        while (text != null && length < text.length && text[length] != 0) {
            length++;
        }
        return text == null ? "" : new String(text, 0, length, StandardCharsets.ISO_8859_1);
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
