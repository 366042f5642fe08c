package io.scwatcher.os.fs.call;

import static io.scwatcher.os.fs.OpenFlags.AT_EMPTY_PATH;
import static io.scwatcher.os.fs.OpenFlags.AT_FDCWD;
import static io.scwatcher.os.fs.OpenFlags.AT_SYMLINK_NOFOLLOW;
import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.LONG;
import static io.scwatcher.os.syscall.Argument.OCTAL;
import static io.scwatcher.os.syscall.Argument.PATH;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.ResourceLimits;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;

/** What changes files without their contents' bytes: mode, owner, times, size. */
public final class AttributeCalls {
    private static final int CAP_FSETID = 4;
    private static final long UTIME_NOW = 0x3fffffff, UTIME_OMIT = 0x3ffffffe;
    private static final long SECOND = 1_000_000_000;
    private static final int FALLOC_KEEP_SIZE = 1;

    private AttributeCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(90, "chmod", args(PATH, OCTAL), FULL, (task, path, mode, _, _, _, _) -> chmod(task, found(task, AT_FDCWD, path, 0), (int) mode));
        table.call(91, "fchmod", args(FD, OCTAL), FULL, (task, fd, mode, _, _, _, _) -> chmod(task, open(task, fd), (int) mode));
        table.call(268, "fchmodat", args(FD, PATH, OCTAL), FULL, (task, at, path, mode, _, _, _) -> chmod(task, found(task, at, path, 0), (int) mode));
        table.call(452, "fchmodat2", args(FD, PATH, OCTAL, HEX), FULL, (task, at, path, mode, flags, _, _) -> chmod(task, found(task, at, path, flags), (int) mode));
        table.call(92, "chown", args(PATH, INT, INT), FULL, (task, path, uid, gid, _, _, _) -> chown(task, found(task, AT_FDCWD, path, 0), uid, gid));
        table.call(93, "fchown", args(FD, INT, INT), FULL, (task, fd, uid, gid, _, _, _) -> chown(task, open(task, fd), uid, gid));
        table.call(94, "lchown", args(PATH, INT, INT), FULL, (task, path, uid, gid, _, _, _) ->
                chown(task, found(task, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW), uid, gid));
        table.call(260, "fchownat", args(FD, PATH, INT, INT, HEX), FULL, (task, at, path, uid, gid, flags, _) ->
                chown(task, found(task, at, path, flags), uid, gid));
        table.call(132, "utime", args(PATH, POINTER), FULL, (task, path, times, _, _, _, _) -> {
            Times wanted = times == 0 ? Times.present(task)
                    : Times.of(task, task.memory().get64(times), 0, task.memory().get64(times + 8), 0);
            return utimes(task, found(task, AT_FDCWD, path, 0), wanted);
        });
        table.call(235, "utimes", args(PATH, POINTER), FULL, (task, path, times, _, _, _, _) ->
                utimes(task, found(task, AT_FDCWD, path, 0), Times.ofMicros(task, times)));
        table.call(261, "futimesat", args(FD, PATH, POINTER), FULL, (task, at, path, times, _, _, _) ->
                utimes(task, path == 0 ? open(task, at) : found(task, at, path, 0), Times.ofMicros(task, times)));
        table.call(280, "utimensat", args(FD, PATH, POINTER, HEX), FULL, (task, at, path, times, flags, _, _) -> {
            Times wanted = Times.ofNanos(task, times);
            if (path == 0 && flags != 0) {
                return -Errno.EINVAL;
            }
            return wanted.atime == Inode.OMIT && wanted.mtime == Inode.OMIT ? 0 : utimes(task, path == 0 ? open(task, at) : found(task, at, path, flags), wanted);
        });
        table.call(76, "truncate", args(PATH, LONG), FULL, (task, path, size, _, _, _, _) -> truncate(task, path, size));
        table.call(77, "ftruncate", args(FD, LONG), FULL, (task, fd, size, _, _, _, _) -> {
            FileDescription file = task.files().get((int) fd);
            if (size < 0 || !file.writable()) {
                return -Errno.EINVAL;
            }
            expectSize(task, size);
            file.truncate(size);
            return 0;
        });
        table.call(285, "fallocate", args(FD, HEX, LONG, LONG), FULL, (task, fd, mode, position, length, _, _) -> {
            FileDescription file = task.files().get((int) fd);
            if (position < 0 || length <= 0) {
                return -Errno.EINVAL;
            }
            if (!file.writable()) {
                return -Errno.EBADF;
            }
            if (position + length < 0) {
                return -Errno.EFBIG;
            }
            if ((mode & FALLOC_KEEP_SIZE) == 0) {
                expectSize(task, position + length);
            }
            file.allocate((int) mode, position, length);
            return 0;
        });
    }

    /** What a path leads to; its mount must be writable. */
    private static Inode found(Task task, long at, long path, long flags) {
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        PathWalk walk = new PathWalk(task);
        String name = task.memory().readPath(path);
        if (name.isEmpty() && (flags & AT_EMPTY_PATH) != 0 && (int) at >= 0) {
            return open(task, at);
        }
        int error = walk.resolve((int) at, name, ((flags & AT_SYMLINK_NOFOLLOW) == 0 ? PathWalk.FOLLOW : 0) | ((flags & AT_EMPTY_PATH) != 0 ? PathWalk.EMPTY_PATH : 0));
        if (error != 0) {
            throw SystemCallException.of(-error);
        }
        return writable(walk.location());
    }

    private static Inode open(Task task, long fd) {
        FileDescription file = task.files().getAny((int) fd);
        if (file.location() != null) {
            return writable(file.location());
        }
        if (file.inode() == null) {
            throw SystemCallException.of(Errno.EPERM);
        }
        return file.inode();
    }

    private static Inode writable(Location at) {
        if (at.mount().readOnly()) {
            throw SystemCallException.of(Errno.EROFS);
        }
        return at.inode();
    }

    private static long chmod(Task task, Inode inode, int mode) {
        FileStatus status = inode.status();
        Credentials who = task.credentials();
        if (inode.type() == FileType.SYMBOLIC_LINK) {
            return -Errno.EOPNOTSUPP;
        }
        if (!Permissions.owns(status, who)) {
            return -Errno.EPERM;
        }
        boolean keepsGroup = who.inGroup(status.gid()) || who.has(CAP_FSETID);
        inode.changeMode(mode & 07777 & (keepsGroup ? ~0 : ~Permissions.SET_GID));
        return 0;
    }

    private static long chown(Task task, Inode inode, long user, long group) {
        int uid = (int) user;
        int gid = (int) group;
        FileStatus status = inode.status();
        Credentials who = task.credentials();
        boolean owner = status.uid() == who.fsuid();
        boolean mayUser = uid == -1 || owner && uid == status.uid();
        boolean mayGroup = gid == -1 || owner && (gid == status.gid() || who.inGroup(gid));
        if (!(mayUser && mayGroup) && !who.has(Credentials.CAP_CHOWN)) {
            return -Errno.EPERM;
        }
        inode.changeOwner(uid, gid);
        int mode = status.mode() & 07777;
        if (inode.type() != FileType.DIRECTORY && inode.type() != FileType.SYMBOLIC_LINK && (mode & 06000) != 0) {
            // the set-ID bits were for the old owner
            inode.changeMode(mode & ~Permissions.SET_UID & ((mode & 010) != 0 ? ~Permissions.SET_GID : ~0));
        }
        return 0;
    }

    private static long utimes(Task task, Inode inode, Times times) {
        Credentials who = task.credentials();
        if (!Permissions.owns(inode.status(), who)) {
            if (!times.now) {
                return -Errno.EPERM;
            }
            int error = inode.permission(who, Permissions.WRITE);
            if (error != 0) {
                return error;
            }
        }
        inode.changeTimes(times.atime, times.mtime);
        return 0;
    }

    private static long truncate(Task task, long path, long size) {
        if (size < 0) {
            return -Errno.EINVAL;
        }
        PathWalk walk = new PathWalk(task);
        int error = walk.resolve(AT_FDCWD, task.memory().readPath(path), PathWalk.FOLLOW);
        if (error != 0) {
            return error;
        }
        Inode inode = walk.inode();
        if (inode.type() != FileType.REGULAR) {
            return inode.type() == FileType.DIRECTORY ? -Errno.EISDIR : -Errno.EINVAL;
        }
        writable(walk.location());
        error = inode.permission(task.credentials(), Permissions.WRITE);
        if (error != 0) {
            return error;
        }
        expectSize(task, size);
        inode.truncate(size);
        return 0;
    }

    /** RLIMIT_FSIZE. */
    private static void expectSize(Task task, long size) {
        if (Long.compareUnsigned(size, task.group().limits().soft(ResourceLimits.FSIZE)) > 0) {
            Signals.raise(task, Signal.SIGXFSZ);
            throw SystemCallException.of(Errno.EFBIG);
        }
    }

    /** @param now whether both are the present time, which needs less permission */
    private record Times(long atime, long mtime, boolean now) {
        static Times present(Task task) {
            long time = task.layer().clocks().realTime();
            return new Times(time, time, true);
        }

        static Times of(Task task, long atime, long atimeNanos, long mtime, long mtimeNanos) {
            return new Times(nanos(task, atime, atimeNanos), nanos(task, mtime, mtimeNanos), atimeNanos == UTIME_NOW && mtimeNanos == UTIME_NOW);
        }

        private static long nanos(Task task, long seconds, long nanos) {
            if (nanos == UTIME_OMIT) {
                return Inode.OMIT;
            }
            if (nanos == UTIME_NOW) {
                return task.layer().clocks().realTime();
            }
            if (nanos < 0 || nanos >= SECOND) {
                throw SystemCallException.of(Errno.EINVAL);
            }
            long limit = Long.MAX_VALUE / SECOND - 1;
            return Math.clamp(seconds, -limit, limit) * SECOND + nanos;
        }

        static Times ofNanos(Task task, long address) {
            if (address == 0) {
                return present(task);
            }
            byte[] raw = task.memory().copyIn(address, 32);
            return of(task, Layouts.get64(raw, 0), Layouts.get64(raw, 8), Layouts.get64(raw, 16), Layouts.get64(raw, 24));
        }

        static Times ofMicros(Task task, long address) {
            if (address == 0) {
                return present(task);
            }
            byte[] raw = task.memory().copyIn(address, 32);
            long first = Layouts.get64(raw, 8);
            long second = Layouts.get64(raw, 24);
            if (first < 0 || first >= 1_000_000 || second < 0 || second >= 1_000_000) {
                throw SystemCallException.of(Errno.EINVAL);
            }
            return of(task, Layouts.get64(raw, 0), first * 1000, Layouts.get64(raw, 16), second * 1000);
        }
    }
}
