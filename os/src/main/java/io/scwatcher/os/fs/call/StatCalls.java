package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.PATH;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Argument.flags;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.FsContext;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.Mount;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;
import java.nio.charset.StandardCharsets;

/** What is asked about files: stat, statfs, access, readlink and their families. */
public final class StatCalls {
    private static final Argument ACCESS_MODE = flags("X_OK", "W_OK", "R_OK");
    private static final int STAT_FLAGS = OpenFlags.AT_SYMLINK_NOFOLLOW | OpenFlags.AT_NO_AUTOMOUNT | OpenFlags.AT_EMPTY_PATH;
    private static final int STATX_RESERVED = 0x8000_0000;
    /** statfs(2) of pipes, sockets and anonymous inodes. */
    private static final long PIPEFS_MAGIC = 0x50495045, SOCKFS_MAGIC = 0x534f434b, ANON_INODE_MAGIC = 0x09041934;

    private StatCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(4, "stat", args(PATH, POINTER), FULL, (task, path, out, _, _, _, _) -> stat(task, OpenFlags.AT_FDCWD, path, out, 0));
        table.call(5, "fstat", args(FD, POINTER), FULL, (task, fd, out, _, _, _, _) -> {
            task.memory().copyOut(out, Layouts.stat(task.files().getAny((int) fd).status()));
            return 0;
        });
        table.call(6, "lstat", args(PATH, POINTER), FULL, (task, path, out, _, _, _, _) ->
                stat(task, OpenFlags.AT_FDCWD, path, out, OpenFlags.AT_SYMLINK_NOFOLLOW));
        table.call(262, "newfstatat", args(FD, PATH, POINTER, HEX), FULL, (task, at, path, out, flags, _, _) -> stat(task, (int) at, path, out, (int) flags));
        table.call(332, "statx", args(FD, PATH, HEX, HEX, POINTER), FULL, (task, at, path, flags, mask, out, _) ->
                statx(task, (int) at, path, (int) flags, (int) mask, out));
        table.call(137, "statfs", args(PATH, POINTER), FULL, (task, path, out, _, _, _, _) -> {
            PathWalk walk = new PathWalk(task);
            int error = walk.resolve(OpenFlags.AT_FDCWD, task.memory().readPath(path), PathWalk.FOLLOW);
            return error != 0 ? error : statfs(task, walk.mount(), walk.inode(), out);
        });
        table.call(138, "fstatfs", args(FD, POINTER), FULL, (task, fd, out, _, _, _, _) -> fstatfs(task, task.files().getAny((int) fd), out));
        table.call(21, "access", args(PATH, ACCESS_MODE), FULL, (task, path, mode, _, _, _, _) -> access(task, OpenFlags.AT_FDCWD, path, (int) mode, 0));
        table.call(269, "faccessat", args(FD, PATH, ACCESS_MODE), FULL, (task, at, path, mode, _, _, _) -> access(task, (int) at, path, (int) mode, 0));
        table.call(439, "faccessat2", args(FD, PATH, ACCESS_MODE, HEX), FULL, (task, at, path, mode, flags, _, _) ->
                access(task, (int) at, path, (int) mode, (int) flags));
        table.call(89, "readlink", args(PATH, POINTER, SIZE), FULL, (task, path, out, size, _, _, _) -> readlink(task, OpenFlags.AT_FDCWD, path, out, (int) size));
        table.call(267, "readlinkat", args(FD, PATH, POINTER, SIZE), FULL, (task, at, path, out, size, _, _) -> readlink(task, (int) at, path, out, (int) size));
    }

    private static int how(int flags) {
        return ((flags & OpenFlags.AT_SYMLINK_NOFOLLOW) == 0 ? PathWalk.FOLLOW : 0) | ((flags & OpenFlags.AT_EMPTY_PATH) != 0 ? PathWalk.EMPTY_PATH : 0);
    }

    /** A path argument; with AT_EMPTY_PATH a null pointer means the empty path. */
    private static String path(Task task, long address, int flags) {
        return address == 0 && (flags & OpenFlags.AT_EMPTY_PATH) != 0 ? "" : task.memory().readPath(address);
    }

    private static long stat(Task task, int at, long path, long out, int flags) {
        if ((flags & ~STAT_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        String name = path(task, path, flags);
        FileStatus status;
        if (name.isEmpty() && (flags & OpenFlags.AT_EMPTY_PATH) != 0 && at >= 0) {
            status = task.files().getAny(at).status();
        } else {
            PathWalk walk = new PathWalk(task);
            int error = walk.resolve(at, name, how(flags));
            if (error != 0) {
                return error;
            }
            status = walk.inode().status();
        }
        task.memory().copyOut(out, Layouts.stat(status));
        return 0;
    }

    private static long statx(Task task, int at, long path, int flags, int mask, long out) {
        boolean bothSync = (flags & OpenFlags.AT_STATX_SYNC_TYPE) == OpenFlags.AT_STATX_SYNC_TYPE;
        if ((mask & STATX_RESERVED) != 0 || (flags & ~(STAT_FLAGS | OpenFlags.AT_STATX_SYNC_TYPE)) != 0 || bothSync) {
            return -Errno.EINVAL;
        }
        String name = path(task, path, flags);
        FileStatus status;
        Mount mount;
        boolean root;
        if (name.isEmpty() && (flags & OpenFlags.AT_EMPTY_PATH) != 0 && at >= 0) {
            FileDescription file = task.files().getAny(at);
            status = file.status();
            mount = file.location() == null ? null : file.location().mount();
            root = mount != null && mount.root() == file.location().dentry();
        } else {
            PathWalk walk = new PathWalk(task);
            int error = walk.resolve(at, name, how(flags));
            if (error != 0) {
                return error;
            }
            status = walk.inode().status();
            mount = walk.mount();
            root = mount.root() == walk.dentry();
        }
        byte[] bytes = Layouts.statx(status, mount);
        if (root) {
            // STATX_ATTR_MOUNT_ROOT
            Layouts.put64(bytes, 8, 0x2000);
        }
        task.memory().copyOut(out, bytes);
        return 0;
    }

    private static long statfs(Task task, Mount mount, Inode inode, long out) {
        FileSystem fs = inode.fileSystem();
        task.memory().copyOut(out, Layouts.statfs(fs.statistics(), fs.device(), mount.flags()));
        return 0;
    }

    private static long fstatfs(Task task, FileDescription file, long out) {
        if (file.location() != null) {
            return statfs(task, file.location().mount(), file.location().inode(), out);
        }
        FileType type = file.status().type();
        long magic = type == FileType.FIFO ? PIPEFS_MAGIC : type == FileType.SOCKET ? SOCKFS_MAGIC : ANON_INODE_MAGIC;
        task.memory().copyOut(out, Layouts.statfs(new FileSystem.Statistics(magic, 4096, 0, 0, 0, 0, 255), 0, 0));
        return 0;
    }

    private static long access(Task task, int at, long path, int mode, int flags) {
        if ((mode & ~7) != 0 || (flags & ~(OpenFlags.AT_EACCESS | OpenFlags.AT_SYMLINK_NOFOLLOW | OpenFlags.AT_EMPTY_PATH)) != 0) {
            return -Errno.EINVAL;
        }
        Credentials effective = task.credentials();
        Credentials who = (flags & OpenFlags.AT_EACCESS) != 0 ? effective : realUser(effective);
        FsContext context = task.fsContext();
        PathWalk walk = new PathWalk(task, context, who);
        int error = walk.resolve(at, path(task, path, flags), how(flags));
        if (error != 0) {
            return error;
        }
        Inode inode = walk.inode();
        FileType type = inode.type();
        boolean noExec = (walk.mount().flags() & Mount.NO_EXEC) != 0 && type == FileType.REGULAR;
        if ((mode & Permissions.EXECUTE) != 0 && noExec) {
            return -Errno.EACCES;
        }
        error = inode.permission(who, mode);
        boolean onDisk = type == FileType.REGULAR || type == FileType.DIRECTORY || type == FileType.SYMBOLIC_LINK;
        return error == 0 && (mode & Permissions.WRITE) != 0 && onDisk && walk.mount().readOnly() ? -Errno.EROFS : error;
    }

    /** access(2) asks for the real user, who has capabilities only as root. */
    private static Credentials realUser(Credentials c) {
        if (c.uid() == c.fsuid() && c.gid() == c.fsgid()) {
            return c;
        }
        long effective = c.uid() == 0 ? c.permitted() : 0;
        return c.withUsers(c.uid(), c.euid(), c.suid(), c.uid()).withGroups(c.gid(), c.egid(), c.sgid(), c.gid())
                .withCapabilities(c.inheritable(), c.permitted(), effective, c.bounding(), c.ambient());
    }

    private static long readlink(Task task, int at, long path, long out, int size) {
        if (size <= 0) {
            return -Errno.EINVAL;
        }
        String name = task.memory().readPath(path);
        PathWalk walk = new PathWalk(task);
        int error = walk.resolve(at, name, PathWalk.EMPTY_PATH);
        if (error != 0) {
            return error;
        }
        if (walk.inode().type() != FileType.SYMBOLIC_LINK || name.isEmpty() && at == OpenFlags.AT_FDCWD) {
            return name.isEmpty() ? -Errno.ENOENT : -Errno.EINVAL;
        }
        byte[] text = text(walk.location(), task).getBytes(StandardCharsets.ISO_8859_1);
        int length = Math.min(text.length, size);
        task.memory().copyOut(out, text, 0, length);
        return length;
    }

    private static String text(Location link, Task task) {
        return link.inode().linkText(task);
    }
}
