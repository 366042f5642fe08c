package io.scwatcher.vfs.tree;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.RegularFile;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** A regular file whose content is bytes in memory, taken when it is opened. */
public final class MemoryFile implements RegularFile {
    private final Attributes attributes;
    private final Supplier<byte[]> content;

    public MemoryFile(Attributes attributes, Supplier<byte[]> content) {
        this.attributes = attributes;
        this.content = content;
    }

    /** A file as in /proc: mode 0444, owned by root, reporting size 0 whatever it holds. */
    public MemoryFile(long inode, byte[] content) {
        this(new Attributes(FileType.REGULAR, 0444, inode, 1, 0, 0, 0, 0, 0), () -> content);
    }

    /** Likewise, of a string that carries one {@code char} for each byte. */
    public MemoryFile(long inode, String content) {
        this(inode, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public OpenFile open() {
        return new OpenBytes(content.get());
    }

    /** An open file over bytes that do not change. */
    public record OpenBytes(byte[] bytes) implements OpenFile {
        @Override
        public int read(long position, byte[] destination, int offset, int length) {
            if (position < 0 || position >= bytes.length) {
                return 0;
            }
            int count = (int) Math.min(length, bytes.length - position);
            System.arraycopy(bytes, (int) position, destination, offset, count);
            return count;
        }
    }
}
