package io.scwatcher.os.fs.tree;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.SeekableDescription;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.vfs.RegularFile;

/** An open regular file of a tree. */
final class TreeFileDescription extends SeekableDescription {
    private final RegularFile file;
    private final RegularFile.OpenFile open;

    TreeFileDescription(RegularFile file, Location at, int flags) {
        super(at, flags);
        this.file = file;
        this.open = file.open();
    }

    @Override
    protected void closed() {
        open.close();
    }

    @Override
    public int readAt(long position, byte[] to, int offset, int length) {
        return open.read(position, to, offset, length);
    }

    @Override
    public int writeAt(long position, byte[] from, int offset, int length) {
        return -Errno.EROFS;
    }

    @Override
    protected long end() {
        return status().size();
    }

    @Override
    public FileStatus status() {
        return location().inode().status();
    }

    @Override
    public Backing backing(boolean sharedWritable) {
        if (!(file instanceof Backing backing)) {
            throw SystemCallException.of(Errno.ENODEV);
        }
        return backing;
    }
}
