package io.scwatcher.memory.dump;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.BlockMemory;
import io.scwatcher.memory.block.SharedClose;
import io.scwatcher.memory.firmware.FirmwareTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Memory without any header. Either the file's offset is the guest-physical address ({@code pmemsave 0 ...}), or the
 * file holds RAM only (a copy of QEMU's backing file) and goes on at 4 GiB behind the hole.
 */
final class RawImage {
    private static final long GIB = 1L << 30;
    private static final long FOUR_GIB = 4 * GIB;
    private static final int PAGE = 4096;
    private static final int LEAST = 1 << 20;

    /** Where q35, pc, and pc before QEMU 2.0 end their low RAM when it does not all fit. */
    private static final long[] LOW_ENDS = {2 * GIB, 3 * GIB, 0xe000_0000L};

    private RawImage() {}

    /** The image with each hole that it can have; first that which the firmware's tables confirm, else without one. */
    static List<GuestMemory> candidates(DumpFile file) {
        check(file);
        long[] holes = LongStream.of(LOW_ENDS).filter(low -> low < file.size()).toArray();
        Runnable close = new SharedClose(1 + holes.length, file::close);
        List<GuestMemory> all = new ArrayList<>();
        GuestMemory flat = memory(file, Long.MAX_VALUE, close);
        all.add(flat);
        for (long low : holes) {
            GuestMemory split = memory(file, low, close);
            // An image with the hole in it shows the firmware at its end.
            boolean confirmed = new FirmwareTables(split).agreeWith(low) && !new FirmwareTables(flat).hasResetVector();
            all.add(confirmed ? 0 : all.size(), split);
        }
        return all;
    }

    /** @param low where the hole starts that ends at 4 GiB */
    static GuestMemory withHole(DumpFile file, long low) {
        check(file);
        if (low <= 0 || low >= FOUR_GIB || low % PAGE != 0) {
            throw new GuestMemoryException("The low RAM of %s cannot end at %#x; say low=2G for q35, low=3G for pc"
                    .formatted(file.name(), low));
        }
        return memory(file, low, file::close);
    }

    private static void check(DumpFile file) {
        if (file.size() < LEAST || file.size() % PAGE != 0) {
            throw new GuestMemoryException(("%s is no memory dump: it has no header of a known format, and %d bytes "
                    + "are no raw image; known are ELF core, kdump, LiME, AVML and raw")
                    .formatted(file.name(), file.size()));
        }
    }

    private static GuestMemory memory(DumpFile file, long low, Runnable close) {
        long below = Math.min(low, file.size());
        List<Block> blocks = new ArrayList<>();
        blocks.add(file.block(0, below, 0, "raw memory"));
        if (below < file.size()) {
            blocks.add(file.block(FOUR_GIB, file.size() - below, below, "raw memory"));
        }
        String map = below < file.size() ? "hole from %#x to 4 GiB".formatted(low) : "no hole";
        return new BlockMemory("raw image %s, %s".formatted(file.name(), map), blocks,
                BlockMemory.Source.dump(Optional.empty(), close));
    }
}
