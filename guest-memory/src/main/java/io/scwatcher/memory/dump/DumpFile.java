package io.scwatcher.memory.dump;

import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.MappedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** A dump's file: checked access to its headers, and blocks made of its content. */
final class DumpFile {
    private final String name;
    private final MappedFile file;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    DumpFile(Path path) {
        name = path.toString();
        file = MappedFile.open(path, name);
    }

    String name() {
        return name;
    }

    long size() {
        return file.size();
    }

    void order(ByteOrder order) {
        this.order = order;
    }

    /** @throws GuestMemoryException that calls the file truncated, if the bytes are not all there */
    byte[] bytes(long offset, int length, String what) {
        checkWithin(offset, length, what);
        byte[] bytes = new byte[length];
        file.read(offset, bytes, 0, length);
        return bytes;
    }

    ByteBuffer buffer(long offset, int length, String what) {
        return ByteBuffer.wrap(bytes(offset, length, what)).order(order);
    }

    void checkWithin(long offset, long length, String what) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new GuestMemoryException("%s is truncated or corrupt: its %s need %#x bytes at %#x, and the file has %#x;"
                    .formatted(name, what, length, offset, size()) + " copy it again or make a new dump");
        }
    }

    GuestMemoryException corrupt(String why) {
        return new GuestMemoryException("%s is corrupt: %s; copy it again or make a new dump".formatted(name, why));
    }

    /** RAM whose bytes lie in this file. */
    Block block(long address, long length, long offset, String what) {
        checkWithin(offset, length, what);
        if (address < 0 || length <= 0 || address + length < 0) {
            throw corrupt("%s cannot be at guest-physical address %#x with %#x bytes".formatted(what, address, length));
        }
        return new Block(new PhysicalRange(address, length), file, offset);
    }

    void close() {
        file.close();
    }
}
