package io.scwatcher.os.fs;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.vfs.FileType;

/**
 * A file-system object, named or not (struct inode). What a kind of object or a file system cannot do fails as Linux has it fail. Callers have checked permissions and
 * read-only mounts. Safe for several threads.
 */
public abstract class Inode {
    public abstract FileStatus status();

    public abstract FileType type();

    public abstract FileSystem fileSystem();

    /**
     * Opens it, after all checks of permissions.
     *
     * @param at where it was found
     * @param flags of open(2); creation and truncation are done
     * @throws SystemCallException ENXIO, EACCES ...
     */
    public abstract FileDescription open(Location at, int flags);

    /** The entry of that name, or null. Only of directories. */
    public Dentry lookup(Dentry self, String name) {
        throw SystemCallException.of(Errno.ENOTDIR);
    }

    /** The text of a symbolic link. @throws SystemCallException EINVAL if it is none */
    public String linkText() {
        throw SystemCallException.of(Errno.EINVAL);
    }
}
