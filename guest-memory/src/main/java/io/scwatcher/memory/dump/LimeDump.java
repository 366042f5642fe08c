package io.scwatcher.memory.dump;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.BlockMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * LiME's own format: for each range of RAM a header of 32 bytes (magic, version, first and last address, 8 reserved
 * bytes), then the bytes. See the LiME documentation, "LiME Memory Range Header Version 1".
 */
final class LimeDump {
    private static final int MAGIC = 0x4c694d45;
    private static final int HEADER = 32;

    private LimeDump() {}

    static boolean recognizes(byte[] start) {
        return start.length >= HEADER && ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
    }

    static GuestMemory open(DumpFile file) {
        List<Block> blocks = new ArrayList<>();
        for (long at = 0; at < file.size();) {
            ByteBuffer header = file.buffer(at, HEADER, "LiME range headers");
            if (header.getInt(0) != MAGIC || header.getInt(4) != 1) {
                throw file.corrupt("there is no LiME range header of version 1 at %#x".formatted(at));
            }
            long first = header.getLong(8);
            long length = header.getLong(16) - first + 1;
            file.add(blocks, file.block(first, length, at + HEADER, "LiME ranges"));
            at += HEADER + length;
        }
        return new BlockMemory("LiME dump " + file.name(), blocks,
                BlockMemory.Source.dump(Optional.empty(), file::close));
    }
}
