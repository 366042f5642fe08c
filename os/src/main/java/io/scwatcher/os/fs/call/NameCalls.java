package io.scwatcher.os.fs.call;

import static io.scwatcher.os.fs.OpenFlags.AT_FDCWD;
import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.OCTAL;
import static io.scwatcher.os.syscall.Argument.PATH;
import static io.scwatcher.os.syscall.Argument.STRING;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Argument.flags;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.Mount;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.Opening;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;

/** What makes, removes and renames directory entries. */
public final class NameCalls {
    private static final int CAP_MKNOD = 27;
    private static final int RENAME_NOREPLACE = 1, RENAME_EXCHANGE = 2;

    private NameCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(83, "mkdir", args(PATH, OCTAL), FULL, (task, path, mode, _, _, _, _) -> mkdir(task, AT_FDCWD, path, (int) mode));
        table.call(258, "mkdirat", args(FD, PATH, OCTAL), FULL, (task, at, path, mode, _, _, _) -> mkdir(task, (int) at, path, (int) mode));
        table.call(133, "mknod", args(PATH, OCTAL, HEX), FULL, (task, path, mode, device, _, _, _) -> mknod(task, AT_FDCWD, path, (int) mode, device));
        table.call(259, "mknodat", args(FD, PATH, OCTAL, HEX), FULL, (task, at, path, mode, device, _, _) -> mknod(task, (int) at, path, (int) mode, device));
        table.call(88, "symlink", args(STRING, PATH), FULL, (task, target, path, _, _, _, _) -> symlink(task, target, AT_FDCWD, path));
        table.call(266, "symlinkat", args(STRING, FD, PATH), FULL, (task, target, at, path, _, _, _) -> symlink(task, target, (int) at, path));
        table.call(86, "link", args(PATH, PATH), FULL, (task, old, path, _, _, _, _) -> link(task, AT_FDCWD, old, AT_FDCWD, path, 0));
        table.call(265, "linkat", args(FD, PATH, FD, PATH, HEX), FULL, (task, from, old, at, path, flags, _) ->
                link(task, (int) from, old, (int) at, path, (int) flags));
        table.call(84, "rmdir", args(PATH), FULL, (task, path, _, _, _, _, _) -> unlink(task, AT_FDCWD, path, true));
        table.call(87, "unlink", args(PATH), FULL, (task, path, _, _, _, _, _) -> unlink(task, AT_FDCWD, path, false));
        table.call(263, "unlinkat", args(FD, PATH, HEX), FULL, (task, at, path, flags, _, _, _) ->
                (flags & ~OpenFlags.AT_REMOVEDIR) != 0 ? -Errno.EINVAL : unlink(task, (int) at, path, flags != 0));
        table.call(82, "rename", args(PATH, PATH), FULL, (task, old, path, _, _, _, _) -> rename(task, AT_FDCWD, old, AT_FDCWD, path, 0));
        table.call(264, "renameat", args(FD, PATH, FD, PATH), FULL, (task, from, old, at, path, _, _) -> rename(task, (int) from, old, (int) at, path, 0));
        table.call(316, "renameat2", args(FD, PATH, FD, PATH, flags("RENAME_NOREPLACE", "RENAME_EXCHANGE", "RENAME_WHITEOUT")), FULL,
                (task, from, old, at, path, flags, _) -> rename(task, (int) from, old, (int) at, path, (int) flags));
    }

    /** Finds the directory in which an entry is to be made: filename_create. @return 0 or a negated error number */
    private static int place(PathWalk walk, Task task, int at, String path, boolean directory) {
        int error = walk.resolve(at, path, PathWalk.PARENT);
        if (error != 0) {
            return error;
        }
        if (isDots(walk.last())) {
            return -Errno.EEXIST;
        }
        if (walk.child() != null) {
            return -Errno.EEXIST;
        }
        if (walk.trailingSlash() && !directory) {
            return -Errno.ENOENT;
        }
        return Opening.mayCreate(walk, task.credentials());
    }

    private static boolean isDots(String name) {
        return name == null || name.equals(".") || name.equals("..");
    }

    private static long mkdir(Task task, int at, long path, int mode) {
        PathWalk walk = new PathWalk(task);
        int error = place(walk, task, at, task.memory().readPath(path), true);
        if (error == 0) {
            walk.inode().create(walk.dentry(), walk.last(), FileType.DIRECTORY, mode & 01777 & ~task.fsContext().umask(), 0, task.credentials());
        }
        return error;
    }

    private static long mknod(Task task, int at, long path, int mode, long device) {
        FileType type = (mode & FileStatus.TYPE_MASK) == 0 ? FileType.REGULAR : FileStatus.type(mode);
        if (type == null) {
            return -Errno.EINVAL;
        }
        if (type == FileType.DIRECTORY) {
            return -Errno.EPERM;
        }
        if (type == FileType.SYMBOLIC_LINK) {
            return -Errno.EINVAL;
        }
        PathWalk walk = new PathWalk(task);
        int error = place(walk, task, at, task.memory().readPath(path), false);
        if (error != 0) {
            return error;
        }
        boolean isDevice = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
        if (isDevice && !task.credentials().has(CAP_MKNOD)) {
            return -Errno.EPERM;
        }
        walk.inode().create(walk.dentry(), walk.last(), type, mode & 07777 & ~task.fsContext().umask(), isDevice ? device & 0xffff_ffffL : 0, task.credentials());
        return 0;
    }

    private static long symlink(Task task, long target, int at, long path) {
        String text = task.memory().readPath(target);
        if (text.isEmpty()) {
            return -Errno.ENOENT;
        }
        PathWalk walk = new PathWalk(task);
        int error = place(walk, task, at, task.memory().readPath(path), false);
        if (error == 0) {
            walk.inode().symlink(walk.dentry(), walk.last(), text, task.credentials());
        }
        return error;
    }

    private static long link(Task task, int from, long old, int at, long path, int flags) {
        if ((flags & ~(OpenFlags.AT_SYMLINK_FOLLOW | OpenFlags.AT_EMPTY_PATH)) != 0) {
            return -Errno.EINVAL;
        }
        boolean empty = (flags & OpenFlags.AT_EMPTY_PATH) != 0;
        PathWalk source = new PathWalk(task);
        int error = source.resolve(from, task.memory().readPath(old),
                ((flags & OpenFlags.AT_SYMLINK_FOLLOW) != 0 ? PathWalk.FOLLOW : 0) | (empty ? PathWalk.EMPTY_PATH : 0));
        if (error != 0) {
            return error;
        }
        PathWalk walk = new PathWalk(task);
        error = place(walk, task, at, task.memory().readPath(path), false);
        if (error != 0) {
            return error;
        }
        if (source.mount() != walk.mount()) {
            return -Errno.EXDEV;
        }
        Inode inode = source.inode();
        FileStatus status = inode.status();
        if (inode.type() == FileType.DIRECTORY) {
            return -Errno.EPERM;
        }
        if (!mayLink(inode, status, task.credentials())) {
            return -Errno.EPERM;
        }
        if (status.links() == 0 && !source.dentry().name().startsWith("#")) {
            return -Errno.ENOENT;
        }
        walk.inode().link(walk.dentry(), walk.last(), inode);
        return 0;
    }

    /** fs.protected_hardlinks: others' files only where they are plain and can be read and written. */
    private static boolean mayLink(Inode inode, FileStatus status, Credentials who) {
        if (Permissions.owns(status, who)) {
            return true;
        }
        boolean special = (status.mode() & Permissions.SET_UID) != 0 || (status.mode() & 02010) == 02010;
        return inode.type() == FileType.REGULAR && !special && inode.permission(who, Permissions.READ | Permissions.WRITE) == 0;
    }

    /** Whether an entry may be removed from the directory that a walk has found: may_delete. @return 0 or a negated error number */
    private static int mayRemove(PathWalk walk, Dentry child, Credentials who) {
        if (walk.mount().readOnly()) {
            return -Errno.EROFS;
        }
        int error = walk.inode().permission(who, Permissions.WRITE | Permissions.EXECUTE);
        if (error != 0) {
            return error;
        }
        return Permissions.stickyForbids(walk.inode().status(), child.inode().status(), who) ? -Errno.EPERM : 0;
    }

    private static long unlink(Task task, int at, long path, boolean directory) {
        PathWalk walk = new PathWalk(task);
        int error = walk.resolve(at, task.memory().readPath(path), PathWalk.PARENT);
        if (error != 0) {
            return error;
        }
        String name = walk.last();
        if (isDots(name)) {
            return !directory ? -Errno.EISDIR : name == null ? -Errno.EBUSY : name.equals(".") ? -Errno.EINVAL : -Errno.ENOTEMPTY;
        }
        Dentry child = walk.child();
        if (child == null) {
            return -Errno.ENOENT;
        }
        boolean isDirectory = child.inode().type() == FileType.DIRECTORY;
        if (!directory && walk.trailingSlash()) {
            return isDirectory ? -Errno.EISDIR : -Errno.ENOTDIR;
        }
        error = mayRemove(walk, child, task.credentials());
        if (error != 0) {
            return error;
        }
        if (directory != isDirectory) {
            return directory ? -Errno.ENOTDIR : -Errno.EISDIR;
        }
        if (mounted(task, walk.mount(), child) || child == task.fsContext().root().dentry()) {
            return -Errno.EBUSY;
        }
        walk.inode().unlink(walk.dentry(), child, directory);
        return 0;
    }

    private static boolean mounted(Task task, Mount mount, Dentry dentry) {
        Location at = new Location(mount, dentry);
        return !task.fsContext().mounts().top(at).sameAs(at);
    }

    private static long rename(Task task, int from, long old, int at, long path, int flags) {
        boolean exchange = (flags & RENAME_EXCHANGE) != 0;
        if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) != 0 || exchange && (flags & RENAME_NOREPLACE) != 0) {
            return -Errno.EINVAL;
        }
        PathWalk source = new PathWalk(task);
        PathWalk target = new PathWalk(task);
        int error = source.resolve(from, task.memory().readPath(old), PathWalk.PARENT);
        if (error == 0) {
            error = target.resolve(at, task.memory().readPath(path), PathWalk.PARENT);
        }
        if (error != 0) {
            return error;
        }
        if (source.mount() != target.mount()) {
            return -Errno.EXDEV;
        }
        if (isDots(source.last()) || isDots(target.last())) {
            return !isDots(source.last()) && (flags & RENAME_NOREPLACE) != 0 ? -Errno.EEXIST : -Errno.EBUSY;
        }
        Dentry child = source.child();
        if (child == null) {
            return -Errno.ENOENT;
        }
        Dentry replaced = target.child();
        error = checkRename(task, source, child, target, replaced, flags);
        if (error == 0) {
            source.inode().rename(source.dentry(), child, target.dentry(), target.last(), flags);
        }
        return error;
    }

    private static int checkRename(Task task, PathWalk source, Dentry child, PathWalk target, Dentry replaced, int flags) {
        if ((flags & RENAME_NOREPLACE) != 0 && replaced != null) {
            return -Errno.EEXIST;
        }
        boolean exchange = (flags & RENAME_EXCHANGE) != 0;
        if (exchange && replaced == null) {
            return -Errno.ENOENT;
        }
        boolean directory = child.inode().type() == FileType.DIRECTORY;
        boolean slash = source.trailingSlash() || !exchange && target.trailingSlash();
        if (!directory && slash || exchange && target.trailingSlash() && replaced.inode().type() != FileType.DIRECTORY) {
            return -Errno.ENOTDIR;
        }
        int error = mayRemove(source, child, task.credentials());
        if (error == 0) {
            error = replaced == null ? Opening.mayCreate(target, task.credentials()) : mayRemove(target, replaced, task.credentials());
        }
        if (error == 0 && directory && source.dentry() != target.dentry()) {
            // its ".." changes
            error = child.inode().permission(task.credentials(), Permissions.WRITE);
        }
        boolean busy = error == 0 && (mounted(task, source.mount(), child) || replaced != null && mounted(task, target.mount(), replaced));
        return busy ? -Errno.EBUSY : error;
    }

    /**
     * Makes the name of a Unix socket, for bind(2).
     *
     * @throws SystemCallException EADDRINUSE if the name exists, and as mknod(2)
     */
    public static Inode makeSocket(Task task, String path) {
        PathWalk walk = new PathWalk(task);
        int error = place(walk, task, AT_FDCWD, path, false);
        if (error != 0) {
            throw SystemCallException.of(error == -Errno.EEXIST ? Errno.EADDRINUSE : -error);
        }
        int permissions = 0777 & ~task.fsContext().umask();
        return walk.inode().create(walk.dentry(), walk.last(), FileType.SOCKET, permissions, 0, task.credentials()).inode();
    }
}
