package io.scwatcher.os.fs.proc;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.MagicLink.FileObject;
import java.nio.charset.StandardCharsets;

/** A file of the system that a link in its proc leads to: stat(2) tells what it is, its contents are the system's own affair. */
final class SystemObject extends Inode {
    /** Of sockets (net/socket.c). */
    private static final String PROTOCOL_NAME = "system.sockprotoname";

    private final FileSystem fs;
    private final FileObject object;

    /** @param fs the proc that it was reached through */
    SystemObject(FileSystem fs, FileObject object) {
        this.fs = fs;
        this.object = object;
    }

    @Override
    public FileStatus status() {
        var a = object.attributes();
        long time = a.mtimeNanos();
        return new FileStatus(object.device(), a.inode(), a.mode(), a.links(), a.uid(), a.gid(), a.deviceNumber(), a.size(), object.blockSize(),
                object.blocks(), time, time, time, time);
    }

    @Override
    public FileType type() {
        return object.attributes().type();
    }

    @Override
    public FileSystem fileSystem() {
        return fs;
    }

    @Override
    public byte[] attribute(String name) {
        boolean known = name.equals(PROTOCOL_NAME) && object.protocol() != null;
        return known ? (object.protocol() + '\0').getBytes(StandardCharsets.ISO_8859_1) : null;
    }

    @Override
    public Dentry lookup(Dentry self, String name) {
        throw SystemCallException.of(type() == FileType.DIRECTORY ? Errno.EACCES : Errno.ENOTDIR);
    }

    @Override
    public FileDescription open(Task task, Location at, int flags) {
        boolean stored = type() == FileType.DIRECTORY || type() == FileType.REGULAR;
        throw SystemCallException.of(stored ? Errno.EACCES : Errno.ENXIO);
    }
}
