package io.scwatcher.os.fs;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.lock.FileLocks;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;
import java.util.ArrayList;
import java.util.List;

/**
 * A file-system object, named or not (struct inode). What a kind of object or a file system cannot do fails here as Linux has it fail: by default
 * nothing can be changed. Callers have checked permissions and read-only mounts; whether names exist is checked again by those methods that change a directory, so that each
 * is atomic. All methods may throw {@link SystemCallException}. Safe for several threads.
 */
public abstract class Inode {
    /** Guards changes of all lists of watches: who notifies only reads them, whatever locks it holds. */
    private static final Object WATCHES = new Object();

    private volatile List<InodeWatch> watches = List.of();
    private FileLocks locks;

    public abstract FileStatus status();

    public abstract FileType type();

    public abstract FileSystem fileSystem();

    /**
     * Opens it, after all checks of permissions. Never blocks: see {@link FileDescription#completeOpen}.
     *
     * @param task who opens
     * @param at where it was found
     * @param flags of open(2); creation and truncation are done
     */
    public abstract FileDescription open(Task task, Location at, int flags);

    /**
     * Whether somebody may do something.
     *
     * @param wanted bits of {@link Permissions}
     * @return 0 or {@code -EACCES}
     */
    public int permission(Credentials who, int wanted) {
        if (type() == FileType.DIRECTORY && Permissions.searchesAll(who, wanted)) {
            return 0;
        }
        return Permissions.check(status(), who, wanted);
    }

    /** The entry of that name, or null. */
    public Dentry lookup(Dentry self, String name) {
        throw SystemCallException.of(Errno.ENOTDIR);
    }

    /** The text of a symbolic link. @param reader who asks: /proc/self differs */
    public String linkText(Task reader) {
        throw SystemCallException.of(Errno.EINVAL);
    }

    /** Where a link leads that leads to an object rather than to a path, as those in /proc/PID/fd; null for all others. */
    public Location follow(Task reader) {
        return null;
    }

    /**
     * Makes a regular file, directory, FIFO, socket or device.
     *
     * @param permissions already without the umask's bits
     * @param device of devices
     */
    public Dentry create(Dentry self, String name, FileType type, int permissions, long device, Credentials owner) {
        throw SystemCallException.of(Errno.EPERM);
    }

    public Dentry symlink(Dentry self, String name, String target, Credentials owner) {
        throw SystemCallException.of(Errno.EPERM);
    }

    /** An unnamed regular file in this directory's file system: O_TMPFILE. */
    public Dentry createUnnamed(Dentry self, int permissions, Credentials owner) {
        throw SystemCallException.of(Errno.EOPNOTSUPP);
    }

    public void link(Dentry self, String name, Inode existing) {
        throw SystemCallException.of(Errno.EPERM);
    }

    /** Removes a name; with {@code directory}, that of an empty directory. */
    public void unlink(Dentry self, Dentry child, boolean directory) {
        throw SystemCallException.of(Errno.EPERM);
    }

    /**
     * Renames {@code child}, a name in this directory.
     *
     * @param flags of renameat2(2)
     */
    public void rename(Dentry self, Dentry child, Dentry newParent, String newName, int flags) {
        throw SystemCallException.of(Errno.EPERM);
    }

    public void changeMode(int permissions) {
        throw SystemCallException.of(Errno.EPERM);
    }

    /** @param uid -1 to leave it  @param gid likewise */
    public void changeOwner(int uid, int gid) {
        throw SystemCallException.of(Errno.EPERM);
    }

    /** Nanoseconds since the epoch; {@link #OMIT} leaves a time as it is. */
    public void changeTimes(long atime, long mtime) {
        throw SystemCallException.of(Errno.EPERM);
    }

    /** For {@link #changeTimes}. */
    public static final long OMIT = Long.MIN_VALUE;

    public void truncate(long size) {
        throw SystemCallException.of(Errno.EPERM);
    }

    /** An extended attribute's value, or null. */
    public byte[] attribute(String name) {
        return null;
    }

    public List<String> attributeNames() {
        return List.of();
    }

    /** Sets an attribute, or removes it with null. @param flags of setxattr(2) */
    public void changeAttribute(String name, byte[] value, int flags) {
        throw SystemCallException.of(Errno.EOPNOTSUPP);
    }

    /** Tells whoever watches what happened. @param name of an entry, for a directory; else null @param directory whether it happened to a directory */
    public final void happened(int event, int cookie, String name, boolean directory) {
        for (InodeWatch watch : watches) {
            watch.happened(event, cookie, name, directory);
        }
    }

    /** Begins to tell somebody. */
    public final void watch(InodeWatch watch) {
        synchronized (WATCHES) {
            List<InodeWatch> more = new ArrayList<>(watches);
            more.add(watch);
            watches = List.copyOf(more);
        }
    }

    public final void unwatch(InodeWatch watch) {
        synchronized (WATCHES) {
            watches = watches.stream().filter(other -> other != watch).toList();
        }
    }

    /** Its advisory locks. */
    public final synchronized FileLocks locks() {
        if (locks == null) {
            locks = new FileLocks();
        }
        return locks;
    }

    /** Likewise, or null if nobody ever locked anything. */
    public final synchronized FileLocks locksIfAny() {
        return locks;
    }

    /** What a program running from it forbids: an inode cannot be both executed and written. Pairs with {@link #allowWriting}. @throws SystemCallException ETXTBSY */
    public void denyWriting() {}

    public void allowWriting() {}
}
