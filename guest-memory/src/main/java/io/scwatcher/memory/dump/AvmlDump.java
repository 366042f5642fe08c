package io.scwatcher.memory.dump;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.BlockMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * AVML's compressed format, version 2: for each range of RAM a header like LiME's, the bytes as a stream of Snappy's
 * framing format, and the compressed size. See AVML's src/image.rs and Snappy's framing_format.txt.
 */
final class AvmlDump {
    private static final int MAGIC = 0x4c4d5641;
    private static final int HEADER = 32;
    private static final int TRAILER = 8;
    private static final int CHUNK_HEADER = 4;
    private static final int CHECKSUM = 4;
    private static final int COMPRESSED = 0;
    private static final int UNCOMPRESSED = 1;
    private static final int FIRST_SKIPPABLE = 0x80;

    private final DumpFile file;
    private final SnappyFrames frames;

    private AvmlDump(DumpFile file) {
        this.file = file;
        frames = new SnappyFrames(file);
    }

    static boolean recognizes(byte[] start) {
        return start.length >= HEADER && ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
    }

    static GuestMemory open(DumpFile file) {
        List<Block> blocks = new ArrayList<>();
        AvmlDump dump = new AvmlDump(file);
        for (long at = 0; at < file.size();) {
            ByteBuffer header = file.buffer(at, HEADER, "AVML range headers");
            long first = header.getLong(8);
            long length = header.getLong(16) - first + 1;
            if (header.getInt(0) != MAGIC || header.getInt(4) != 2 || first < 0 || length <= 0 || first + length < 0) {
                throw file.corrupt("there is no AVML range header of version 2 at %#x".formatted(at));
            }
            file.add(blocks, new Block(new PhysicalRange(first, length), dump.frames, dump.frames.length()));
            at = dump.addFrames(at + HEADER, length) + TRAILER;
        }
        return new BlockMemory("AVML dump " + file.name(), blocks,
                BlockMemory.Source.dump(Optional.empty(), file::close));
    }

    /** Notes the frames of a range. @return the position behind them */
    private long addFrames(long at, long length) {
        long end = frames.length() + length;
        while (frames.length() < end) {
            int header = file.buffer(at, CHUNK_HEADER, "Snappy frames").getInt(0);
            int type = header & 0xff;
            int size = header >>> 8;
            if (type == COMPRESSED || type == UNCOMPRESSED) {
                frames.add(at + CHUNK_HEADER + CHECKSUM, size - CHECKSUM, type == COMPRESSED);
            } else if (type < FIRST_SKIPPABLE) {
                throw file.corrupt("there is a Snappy frame of type %d at %#x".formatted(type, at));
            }
            at += CHUNK_HEADER + size;
        }
        if (frames.length() != end) {
            throw file.corrupt("its Snappy frames before %#x have more bytes than their range".formatted(at));
        }
        return at;
    }
}
