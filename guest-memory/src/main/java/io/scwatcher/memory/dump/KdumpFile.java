package io.scwatcher.memory.dump;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.BlockMemory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kdump-compressed format of makedumpfile and of QEMU's {@code dump-guest-memory -z|-l|-s}, header versions 1 to 6,
 * as written for 64-bit machines: a header block, a sub header, two bitmaps (pages that are RAM, pages that were
 * dumped), page descriptors, pages. See makedumpfile's diskdump_mod.h and QEMU's include/sysemu/dump.h.
 */
final class KdumpFile {
    private static final String SIGNATURE = "KDUMP   ";
    private static final int STATUS = 424;
    private static final int SUB_HEADER = 104;
    private static final int MAX_NOTE = 1 << 20;

    private final DumpFile file;
    private final int blockSize;
    private final long subHeaderBlocks;
    private final long bitmapBlocks;
    private long pages;
    private long firstPage;
    private Optional<byte[]> vmcoreinfo = Optional.empty();

    static boolean recognizes(byte[] start) {
        return start.length >= 8 && new String(start, 0, 8, StandardCharsets.ISO_8859_1).equals(SIGNATURE);
    }

    static GuestMemory open(DumpFile file) {
        return new KdumpFile(file).open();
    }

    private KdumpFile(DumpFile file) {
        this.file = file;
        ByteBuffer header = file.buffer(0, STATUS + 40, "kdump header");
        int version = header.getInt(8);
        blockSize = header.getInt(STATUS + 4);
        subHeaderBlocks = Integer.toUnsignedLong(header.getInt(STATUS + 8));
        bitmapBlocks = Integer.toUnsignedLong(header.getInt(STATUS + 12));
        pages = Integer.toUnsignedLong(header.getInt(STATUS + 16));
        if (version < 1 || version > 6) {
            throw file.corrupt("its kdump header has version %d, and 1 to 6 are known".formatted(version));
        }
        if (blockSize < 4096 || blockSize > 1 << 16 || Integer.bitCount(blockSize) != 1) {
            throw file.corrupt(
                    "its kdump pages have %d bytes (dumps of 32-bit machines are not read)".formatted(blockSize));
        }
        file.checkWithin(blockSize, subHeaderBlocks * blockSize, "kdump sub header");
        if (subHeaderBlocks > 0) {
            readSubHeader(version);
        }
    }

    private void readSubHeader(int version) {
        ByteBuffer sub = file.buffer(blockSize, SUB_HEADER, "kdump sub header");
        if (version >= 6) {
            pages = sub.getLong(96);
        }
        if (version >= 2 && sub.getInt(12) != 0) {
            // One of several files: it has the pages from here on.
            firstPage = version >= 6 ? sub.getLong(80) : sub.getLong(16);
            long end = version >= 6 ? sub.getLong(88) : sub.getLong(24);
            if (firstPage < 0 || end < firstPage || end > pages) {
                throw file.corrupt("its part has the pages %d to %d of %d".formatted(firstPage, end, pages));
            }
            pages = end;
        }
        if (version >= 3 && sub.getLong(40) > 0) {
            int length = (int) Math.min(MAX_NOTE, sub.getLong(40));
            vmcoreinfo = Optional.of(file.bytes(sub.getLong(32), length, "VMCOREINFO"));
        }
    }

    private GuestMemory open() {
        long bytes = bitmapBlocks * blockSize;
        long start = (1 + subHeaderBlocks) * blockSize;
        file.checkHeaders(start, bytes, "kdump bitmaps");
        if (pages <= 0 || pages > bytes * 8) {
            throw file.corrupt("its bitmaps of %d bytes are too small for %d pages".formatted(bytes, pages));
        }
        // With one bitmap only, all RAM was dumped.
        boolean two = pages <= bytes * 4;
        Bitmap ram = new Bitmap(file, start, pages);
        Bitmap dumped = two ? new Bitmap(file, start + bytes / 2, pages) : ram;
        KdumpPages content = new KdumpPages(file, blockSize, dumped, firstPage, start + bytes);
        List<Block> blocks = new ArrayList<>();
        for (long page = ram.nextSet(firstPage); page < pages; page = ram.nextSet(page)) {
            long end = ram.nextClear(page);
            file.add(blocks, new Block(
                    new PhysicalRange(page * blockSize, (end - page) * blockSize), content, page * blockSize));
            page = end;
        }
        if (blocks.isEmpty()) {
            throw file.corrupt("its bitmap says that there is no RAM");
        }
        return new BlockMemory(
                "kdump file " + file.name(), blocks, BlockMemory.Source.dump(vmcoreinfo, file::close));
    }
}
