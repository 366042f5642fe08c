package io.scwatcher.os.fs;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.vfs.FileType;

/** An open directory. Its offset is a cookie: 0 is before ".", 1 before "..", the rest is the file system's. */
public abstract class DirectoryDescription extends FileDescription {
    /** The first cookie that a file system may use. */
    protected static final long FIRST = 2;

    private long position;

    protected DirectoryDescription(Location location, int flags) {
        super(location, flags);
    }

    /** Takes entries until it is full. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param next the cookie behind this entry
         * @return false if there is no room for it: it will be asked for again
         */
        boolean entry(String name, long inode, FileType type, long next);
    }

    /** Gives the entries from a cookie on until the sink is full. @return the cookie of the first entry that was not taken */
    protected abstract long list(long from, Sink sink);

    /** Called when reading starts from the beginning. */
    protected void rewound() {}

    /** getdents64(2): gives entries from the offset on. */
    public final synchronized void read(Location root, Sink sink) {
        if (position == 0) {
            rewound();
            if (!sink.entry(".", status().inode(), FileType.DIRECTORY, 1)) {
                return;
            }
            position = 1;
        }
        if (position == 1) {
            if (!sink.entry("..", location().up(root).inode().status().inode(), FileType.DIRECTORY, FIRST)) {
                return;
            }
            position = FIRST;
        }
        position = list(position, sink);
    }

    @Override
    public FileStatus status() {
        return location().inode().status();
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        return -Errno.EISDIR;
    }

    @Override
    public int readAt(long position, byte[] to, int offset, int length) {
        return -Errno.EISDIR;
    }

    @Override
    public boolean seekable() {
        return true;
    }

    @Override
    public final synchronized long seek(long offset, int whence) {
        long to = switch (whence) {
            case 0 -> offset;
            case 1 -> position + offset;
            default -> -1;
        };
        if (to < 0) {
            return -Errno.EINVAL;
        }
        position = to;
        return to;
    }
}
