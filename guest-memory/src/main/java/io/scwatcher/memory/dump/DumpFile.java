package io.scwatcher.memory.dump;

import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.block.Backing;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.MappedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** A dump's file: checked access to its headers, and blocks made of its content. */
final class DumpFile implements AutoCloseable {
    private static final int MAX_BLOCKS = 1 << 20;

    private final String name;
    private final Backing content;
    private final long size;
    private final long stored;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    /**
     * @param content the dump, which need not lie in the file as it is
     * @param size bytes of the content
     * @param stored bytes of the file: what headers take cannot be more, even if the content is sparse
     */
    DumpFile(String name, Backing content, long size, long stored) {
        this.name = name;
        this.content = content;
        this.size = size;
        this.stored = stored;
    }

    static DumpFile open(Path path) {
        return of(MappedFile.open(path, path.toString()), path);
    }

    /** With holes that {@link Backing#populated} leaves out. */
    static DumpFile openSparse(Path path) {
        return of(MappedFile.openSparse(path, path.toString()), path);
    }

    private static DumpFile of(MappedFile file, Path path) {
        return new DumpFile(path.toString(), file, file.size(), file.size());
    }

    String name() {
        return name;
    }

    long size() {
        return size;
    }

    Backing content() {
        return content;
    }

    void order(ByteOrder order) {
        this.order = order;
    }

    /** @throws GuestMemoryException that calls the file truncated, if the bytes are not all there */
    byte[] bytes(long offset, int length, String what) {
        checkHeaders(offset, length, what);
        byte[] bytes = new byte[length];
        content.read(offset, bytes, 0, length);
        return bytes;
    }

    ByteBuffer buffer(long offset, int length, String what) {
        return ByteBuffer.wrap(bytes(offset, length, what)).order(order);
    }

    /** Like {@link #checkWithin}, for headers, all of which will be read. */
    void checkHeaders(long offset, long length, String what) {
        checkWithin(offset, length, what);
        if (length > stored) {
            throw corrupt("its %s need %#x bytes, and the file has %#x".formatted(what, length, stored));
        }
    }

    void checkWithin(long offset, long length, String what) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new GuestMemoryException("%s is truncated or corrupt: its %s need %#x bytes at %#x, and it has %#x; "
                    .formatted(name, what, length, offset, size) + "copy it again or make a new dump");
        }
    }

    /** Adds one more block of RAM, if there are not absurdly many. */
    void add(List<Block> blocks, Block block) {
        if (blocks.size() == MAX_BLOCKS) {
            throw corrupt("it has more than %d ranges of RAM".formatted(MAX_BLOCKS));
        }
        blocks.add(block);
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
        return new Block(new PhysicalRange(address, length), content, offset);
    }

    @Override
    public void close() {
        content.close();
    }
}
