package io.scwatcher.memory.dump;

import io.scwatcher.memory.block.Backing;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The pages of a kdump file, as one range of guest-physical addresses. Pages that were not dumped are zero. */
final class KdumpPages implements Backing {
    private static final int DESCRIPTOR = 24;
    private static final int CACHED = 4096;

    private static final int ZLIB = 1;
    private static final int LZO = 2;
    private static final int SNAPPY = 4;
    private static final int ZSTD = 0x20;

    private final DumpFile file;
    private final int pageSize;
    private final Bitmap dumped;
    private final int ranksBefore;
    private final long descriptors;
    /** Where makedumpfile and QEMU put the page that all zero pages share. */
    private final long firstData;
    private final AtomicReferenceArray<Page> cache = new AtomicReferenceArray<>(CACHED);
    private volatile Boolean firstIsZero;

    private record Page(long number, byte[] content) {}

    /** @param firstPage whose descriptor is the first, among those dumped */
    KdumpPages(DumpFile file, int pageSize, Bitmap dumped, long firstPage, long descriptors) {
        this.file = file;
        this.pageSize = pageSize;
        this.dumped = dumped;
        this.descriptors = descriptors;
        ranksBefore = dumped.rank(firstPage);
        long count = dumped.count() - ranksBefore;
        file.checkWithin(descriptors, count * DESCRIPTOR, "kdump page descriptors");
        firstData = descriptors + count * DESCRIPTOR;
    }

    @Override
    public boolean read(long offset, byte[] destination, int at, int length) {
        while (length > 0) {
            int inPage = (int) (offset & pageSize - 1);
            int here = Math.min(length, pageSize - inPage);
            byte[] page = page(offset / pageSize);
            if (page == null) {
                Arrays.fill(destination, at, at + here, (byte) 0);
            } else {
                System.arraycopy(page, inPage, destination, at, here);
            }
            offset += here;
            at += here;
            length -= here;
        }
        return true;
    }

    /** @return null for a page of zeros */
    private byte[] page(long number) {
        if (!dumped.isSet(number)) {
            return null;
        }
        int slot = (int) (number & CACHED - 1);
        Page cached = cache.get(slot);
        if (cached == null || cached.number != number) {
            cached = new Page(number, load(descriptor(number)));
            cache.set(slot, cached);
        }
        return cached.content;
    }

    private ByteBuffer descriptor(long page) {
        long index = dumped.rank(page) - ranksBefore;
        return file.buffer(descriptors + index * DESCRIPTOR, DESCRIPTOR, "kdump page descriptors");
    }

    private byte[] load(ByteBuffer descriptor) {
        int size = descriptor.getInt(8);
        int flags = descriptor.getInt(12) & (ZLIB | LZO | SNAPPY | ZSTD);
        if (size < 0 || size > 2 * pageSize) {
            throw file.corrupt("a page of it has %d bytes".formatted(size));
        }
        byte[] stored = file.bytes(descriptor.getLong(0), size, "kdump pages");
        try {
            byte[] page = switch (flags) {
                case 0 -> stored;
                case ZLIB -> Zlib.decompress(stored, pageSize);
                case LZO -> Lzo.decompress(stored, pageSize);
                case SNAPPY -> Snappy.decompress(stored, pageSize);
                case ZSTD -> Zstd.decompress(stored, pageSize);
                default -> throw new CorruptDataException("compressed in more than one way");
            };
            if (page.length != pageSize) {
                throw new CorruptDataException(page.length + " bytes long");
            }
            return page;
        } catch (CorruptDataException e) {
            throw file.corrupt("a page at %#x of it is %s".formatted(descriptor.getLong(0), e.getMessage()));
        }
    }

    @Override
    public void populated(long offset, long length, Extents found) {
        long end = offset + length;
        for (long page = dumped.nextSet(offset / pageSize); page * pageSize < end; page = dumped.nextSet(page + 1)) {
            if (!isSharedZero(page)) {
                long start = Math.max(offset, page * pageSize);
                found.add(start, Math.min(end, (page + 1) * pageSize) - start);
            }
            if (page + 1 > (end - 1) / pageSize) {
                return;
            }
        }
    }

    private boolean isSharedZero(long page) {
        ByteBuffer descriptor = descriptor(page);
        if (descriptor.getLong(0) != firstData) {
            return false;
        }
        if (firstIsZero == null) {
            byte[] content = load(descriptor);
            firstIsZero = Arrays.equals(content, new byte[content.length]);
        }
        return firstIsZero;
    }

    @Override
    public void close() {
        file.close();
    }
}
