package io.scwatcher.os.fs;

import static io.scwatcher.os.fs.OpenFlags.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;

/** One open(2): finds or makes the file, checks, opens (fs/namei.c, {@code path_openat}). For one thread and one use. */
public final class Opening {
    private static final int VALID_FOR_PATH = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;
    private static final int TMPFILE_BIT = O_TMPFILE & ~O_DIRECTORY;
    /** Attempts when names come and go between look-up and creation. */
    private static final int ATTEMPTS = 100;

    private final Task task;
    private final PathWalk walk;
    private final FsContext context;
    private final Credentials credentials;
    private FileDescription file;

    public Opening(Task task) {
        this.task = task;
        this.walk = new PathWalk(task);
        this.context = task.fsContext();
        this.credentials = task.credentials();
    }

    /** For a tree without files that depend on the task. */
    Opening(FsContext context, Credentials credentials) {
        this.task = null;
        this.walk = new PathWalk(null, context, credentials);
        this.context = context;
        this.credentials = credentials;
    }

    /** What was opened, if {@link #open} returned 0. */
    public FileDescription file() {
        return file;
    }

    /**
     * Opens a file. What may still have to wait is {@link FileDescription#completeOpen}.
     *
     * @param directory a descriptor, or AT_FDCWD
     * @param flags O_*
     * @param mode of a new file, to which the mask still applies
     * @param resolve RESOLVE_* bits of {@link PathWalk}
     * @return 0, or a negated error number
     */
    public int open(int directory, String path, int flags, int mode, int resolve) {
        if ((flags & O_PATH) != 0) {
            flags &= VALID_FOR_PATH;
        } else if ((flags & TMPFILE_BIT) != 0) {
            if ((flags & O_DIRECTORY) == 0 || (flags & O_ACCMODE) == O_RDONLY || (flags & O_CREAT) != 0) {
                return -Errno.EINVAL;
            }
            return openUnnamed(directory, path, flags, mode, resolve);
        } else if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY)) {
            return -Errno.EINVAL;
        }
        if ((flags & O_CREAT) != 0) {
            return create(directory, path, flags, mode, resolve);
        }
        int how = ((flags & O_NOFOLLOW) != 0 ? 0 : PathWalk.FOLLOW) | ((flags & O_DIRECTORY) != 0 ? PathWalk.DIRECTORY : 0) | resolve;
        int error = walk.resolve(directory, path, how);
        return error != 0 ? error : openFound(flags, false);
    }

    private int openFound(int flags, boolean created) {
        Location at = walk.location();
        if ((flags & O_PATH) != 0) {
            file = new PathDescription(at, flags);
            return 0;
        }
        Inode inode = at.inode();
        FileType type = inode.type();
        if (!created) {
            int error = mayOpen(inode, type, flags);
            if (error != 0) {
                return error;
            }
        }
        file = inode.open(task, at, flags | O_LARGEFILE);
        if ((flags & O_TRUNC) != 0 && type == FileType.REGULAR && !created) {
            try {
                inode.truncate(0);
            } catch (SystemCallException e) {
                file.acquire().release();
                return -e.errno();
            }
        }
        return 0;
    }

    private int mayOpen(Inode inode, FileType type, int flags) {
        boolean writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
        boolean reads = (flags & O_ACCMODE) != O_WRONLY;
        switch (type) {
            case SYMBOLIC_LINK -> {
                return -Errno.ELOOP;
            }
            case DIRECTORY -> {
                if (writes || (flags & O_CREAT) != 0) {
                    return -Errno.EISDIR;
                }
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE -> {
                if ((walk.mount().flags() & Mount.NO_DEVICES) != 0) {
                    return -Errno.EACCES;
                }
            }
            default -> { }
        }
        if (writes && type == FileType.REGULAR && walk.mount().readOnly()) {
            return -Errno.EROFS;
        }
        int error = inode.permission(credentials, (reads ? Permissions.READ : 0) | (writes ? Permissions.WRITE : 0));
        if (error == 0 && (flags & O_NOATIME) != 0 && !Permissions.owns(inode.status(), credentials)) {
            return -Errno.EPERM;
        }
        return error;
    }

    private int create(int directory, String path, int flags, int mode, int resolve) {
        int error = walk.resolve(directory, path, PathWalk.PARENT | resolve);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (error != 0) {
                return error;
            }
            String name = walk.last();
            if (name == null) {
                return (flags & O_EXCL) != 0 ? -Errno.EEXIST : openFound(flags, false);
            }
            if (name.equals(".") || name.equals("..") || walk.trailingSlash()) {
                return -Errno.EISDIR;
            }
            Dentry child = walk.child();
            if (child == null) {
                error = make(name, flags, mode);
                if (error != -Errno.EEXIST || (flags & O_EXCL) != 0) {
                    return error;
                }
                error = 0;
            } else if ((flags & O_EXCL) != 0) {
                return -Errno.EEXIST;
            } else if (child.inode().type() == FileType.SYMBOLIC_LINK) {
                if ((flags & O_NOFOLLOW) != 0) {
                    return -Errno.ELOOP;
                }
                error = walk.followLast(child);
            } else {
                error = walk.stepTo(child);
            }
        }
        return -Errno.EAGAIN;
    }

    private int make(String name, int flags, int mode) {
        int error = mayCreate(walk, credentials);
        if (error != 0) {
            return error;
        }
        try {
            Dentry made = walk.inode().create(walk.dentry(), name, FileType.REGULAR, mode & 07777 & ~context.umask(), 0, credentials);
            walk.stepTo(made);
        } catch (SystemCallException e) {
            return -e.errno();
        }
        return openFound(flags, true);
    }

    /** Whether an entry may be added to the directory that a walk has found. @return 0 or a negated error number */
    public static int mayCreate(PathWalk walk, Credentials credentials) {
        if (walk.dentry().unlinked()) {
            return -Errno.ENOENT;
        }
        return walk.mount().readOnly() ? -Errno.EROFS : walk.inode().permission(credentials, Permissions.WRITE | Permissions.EXECUTE);
    }

    private int openUnnamed(int directory, String path, int flags, int mode, int resolve) {
        int error = walk.resolve(directory, path, PathWalk.FOLLOW | PathWalk.DIRECTORY | resolve);
        if (error == 0) {
            error = mayCreate(walk, credentials);
        }
        if (error != 0) {
            return error;
        }
        Dentry made = walk.inode().createUnnamed(walk.dentry(), mode & 07777 & ~context.umask(), credentials);
        file = made.inode().open(task, new Location(walk.mount(), made), flags & ~O_DIRECTORY | O_LARGEFILE);
        return 0;
    }

    /**
     * Opens a program for execve(2); as long as it is open nobody may write to it: the caller pairs that with {@link Inode#allowWriting}.
     *
     * @param atFlags AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
     * @return 0, or a negated error number
     */
    public int openProgram(int directory, String path, int atFlags) {
        int how = ((atFlags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : PathWalk.FOLLOW) | ((atFlags & AT_EMPTY_PATH) != 0 ? PathWalk.EMPTY_PATH : 0);
        int error = walk.resolve(directory, path, how);
        if (error != 0) {
            return error;
        }
        Inode inode = walk.inode();
        if (inode.type() == FileType.SYMBOLIC_LINK) {
            return -Errno.ELOOP;
        }
        if (inode.type() != FileType.REGULAR || (walk.mount().flags() & Mount.NO_EXEC) != 0) {
            return -Errno.EACCES;
        }
        error = inode.permission(credentials, Permissions.EXECUTE);
        if (error != 0) {
            return error;
        }
        inode.denyWriting();
        try {
            file = inode.open(task, walk.location(), O_RDONLY);
        } catch (RuntimeException e) {
            inode.allowWriting();
            throw e;
        }
        return 0;
    }
}
