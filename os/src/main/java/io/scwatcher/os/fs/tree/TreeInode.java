package io.scwatcher.os.fs.tree;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.SymbolicLink;

/** A node of a {@code vfs} tree. */
public class TreeInode extends Inode {
    protected final FileSystem fs;
    protected final Node node;

    public TreeInode(FileSystem fs, Node node) {
        this.fs = fs;
        this.node = node;
    }

    @Override
    public FileStatus status() {
        Attributes a = node.attributes();
        long time = a.mtimeNanos();
        return new FileStatus(fs.device(), a.inode(), a.mode(), a.links(), a.uid(), a.gid(), a.deviceNumber(), a.size(), 1024, 0, time, time, time, time);
    }

    @Override
    public final FileType type() {
        return switch (node) {
            case Directory _ -> FileType.DIRECTORY;
            case RegularFile _ -> FileType.REGULAR;
            case SymbolicLink _ -> FileType.SYMBOLIC_LINK;
            case SpecialFile special -> special.attributes().type();
        };
    }

    @Override
    public final FileSystem fileSystem() {
        return fs;
    }

    /** No file in the tree can be written, whatever its modes say. */
    @Override
    public int permission(Credentials who, int wanted) {
        int error = super.permission(who, wanted);
        return error == 0 && (wanted & Permissions.WRITE) != 0 && node instanceof RegularFile ? -Errno.EROFS : error;
    }

    @Override
    public Dentry lookup(Dentry self, String name) {
        if (!(node instanceof Directory directory)) {
            throw SystemCallException.of(Errno.ENOTDIR);
        }
        Node child = directory.lookup(name);
        return child == null ? null : new Dentry(self, name, child(child));
    }

    /** The inode of what a directory holds. */
    protected TreeInode child(Node child) {
        return new TreeInode(fs, child);
    }

    @Override
    public String linkText(Task reader) {
        if (!(node instanceof SymbolicLink link)) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        return link.target();
    }

    /** Trees like /proc find out with the look-up that a name is not there, and that it cannot be made. */
    @Override
    public Dentry create(Dentry self, String name, FileType type, int permissions, long device, Credentials owner) {
        throw SystemCallException.of(Errno.ENOENT);
    }

    @Override
    public Dentry symlink(Dentry self, String name, String target, Credentials owner) {
        throw SystemCallException.of(Errno.ENOENT);
    }

    @Override
    public FileDescription open(Task task, Location at, int flags) {
        return switch (node) {
            case Directory directory -> new TreeDirectoryDescription(directory, at, flags);
            case RegularFile file -> new TreeFileDescription(file, at, flags);
            case SymbolicLink _ -> throw SystemCallException.of(Errno.ELOOP);
            case SpecialFile _ -> throw SystemCallException.of(Errno.ENXIO);
        };
    }
}
