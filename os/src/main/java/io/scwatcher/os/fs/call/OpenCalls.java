package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.OCTAL;
import static io.scwatcher.os.syscall.Argument.PATH;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.UNSIGNED;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileDescriptorTable;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.Opening;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;

/** open and its family, close, dup. */
public final class OpenCalls {
    static final Argument OPEN_FLAGS = (line, _, registers, index, _) -> {
        int value = (int) registers[index];
        line.append(switch (value & 3) {
            case 0 -> "O_RDONLY";
            case 1 -> "O_WRONLY";
            case 2 -> "O_RDWR";
            default -> "O_ACCMODE";
        });
        String[] names = {"O_CREAT", "O_EXCL", "O_NOCTTY", "O_TRUNC", "O_APPEND", "O_NONBLOCK", "O_DSYNC", "O_ASYNC", "O_DIRECT", "O_LARGEFILE",
            "O_DIRECTORY", "O_NOFOLLOW", "O_NOATIME", "O_CLOEXEC", "O_SYNC", "O_PATH", "O_TMPFILE"};
        int rest = value & ~3;
        for (int i = 0; i < names.length; i++) {
            if ((rest & 0100 << i) != 0) {
                line.append('|').append(names[i]);
                rest &= ~(0100 << i);
            }
        }
        if (rest != 0) {
            line.append("|0x").append(Integer.toHexString(rest));
        }
    };

    private static final long VALID = 037777703L;
    private static final int CLOSE_RANGE_UNSHARE = 2, CLOSE_RANGE_CLOEXEC = 4;

    private OpenCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(2, "open", args(PATH, OPEN_FLAGS, OCTAL), FULL, (task, path, flags, mode, _, _, _) -> open(task, OpenFlags.AT_FDCWD, path, flags, mode, 0));
        table.call(85, "creat", args(PATH, OCTAL), FULL, (task, path, mode, _, _, _, _) ->
                open(task, OpenFlags.AT_FDCWD, path, OpenFlags.O_CREAT | OpenFlags.O_WRONLY | OpenFlags.O_TRUNC, mode, 0));
        table.call(257, "openat", args(FD, PATH, OPEN_FLAGS, OCTAL), FULL, (task, at, path, flags, mode, _, _) -> open(task, (int) at, path, flags, mode, 0));
        table.call(437, "openat2", args(FD, PATH, POINTER, SIZE), FULL, (task, at, path, how, size, _, _) -> openat2(task, (int) at, path, how, size));
        table.call(3, "close", args(FD), FULL, (task, fd, _, _, _, _, _) -> close(task, (int) fd));
        table.call(436, "close_range", args(UNSIGNED, UNSIGNED, HEX), FULL, (task, first, last, flags, _, _, _) -> closeRange(task, (int) first, (int) last, (int) flags));
        table.call(32, "dup", args(FD), FULL, (task, fd, _, _, _, _, _) -> task.files().install(task.files().getAny((int) fd), false));
        table.call(33, "dup2", args(FD, INT), FULL, (task, from, to, _, _, _, _) ->
                (int) from == (int) to ? task.files().getAny((int) from) == null ? -1 : (int) to : replace(task, (int) from, (int) to, false));
        table.call(292, "dup3", args(FD, INT, OPEN_FLAGS), FULL, (task, from, to, flags, _, _, _) ->
                (int) from == (int) to || (flags & ~OpenFlags.O_CLOEXEC) != 0 ? -Errno.EINVAL : replace(task, (int) from, (int) to, flags != 0));
    }

    private static long open(Task task, int directory, long path, long flags, long mode, int resolve) {
        Opening opening = new Opening(task);
        int error = opening.open(directory, task.memory().readPath(path), (int) flags, (int) mode, resolve);
        return error != 0 ? error : finish(task, opening.file(), (int) flags);
    }

    /** Waits for what open(2) has to wait for, and gives the file a number. */
    private static long finish(Task task, FileDescription file, int flags) {
        file.acquire();
        try {
            int error = Transfers.await(task, file, file::completeOpen);
            return error != 0 ? error : task.files().install(file, (flags & OpenFlags.O_CLOEXEC) != 0);
        } finally {
            file.release();
        }
    }

    /** struct open_how: flags, mode, resolve. */
    private static long openat2(Task task, int directory, long path, long how, long size) {
        if (size < 24) {
            return -Errno.EINVAL;
        }
        if (size > 4096) {
            return -Errno.E2BIG;
        }
        byte[] raw = task.memory().copyIn(how, (int) size);
        for (int i = 24; i < size; i++) {
            if (raw[i] != 0) {
                return -Errno.E2BIG;
            }
        }
        long flags = Layouts.get64(raw, 0);
        long mode = Layouts.get64(raw, 8);
        long resolve = Layouts.get64(raw, 16);
        boolean makes = (flags & (OpenFlags.O_CREAT | OpenFlags.O_TMPFILE & ~OpenFlags.O_DIRECTORY)) != 0;
        boolean both = (resolve & 0x18) == 0x18;
        if ((flags & ~VALID) != 0 || (mode & ~07777L) != 0 || mode != 0 && !makes || (resolve & ~0x3fL) != 0 || both) {
            return -Errno.EINVAL;
        }
        if ((flags & OpenFlags.O_PATH) != 0 && (flags & ~(OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        if ((resolve & 0x20) != 0) {
            // RESOLVE_CACHED: the caller is ready to try again without
            return -Errno.EAGAIN;
        }
        int bits = 0;
        bits |= (resolve & 1) != 0 ? PathWalk.NO_XDEV : 0;
        bits |= (resolve & 2) != 0 ? PathWalk.NO_MAGIC_LINKS : 0;
        bits |= (resolve & 4) != 0 ? PathWalk.NO_SYMLINKS : 0;
        bits |= (resolve & 8) != 0 ? PathWalk.BENEATH : 0;
        bits |= (resolve & 16) != 0 ? PathWalk.IN_ROOT : 0;
        return open(task, directory, path, flags, mode, bits);
    }

    private static long replace(Task task, int from, int to, boolean closeOnExec) {
        task.files().replace(to, task.files().getAny(from), closeOnExec);
        return to;
    }

    private static long close(Task task, int fd) {
        FileDescription file = task.files().remove(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        file.release();
        return 0;
    }

    private static long closeRange(Task task, int first, int last, int flags) {
        if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0 || Integer.compareUnsigned(first, last) > 0) {
            return -Errno.EINVAL;
        }
        if (first < 0) {
            return 0;
        }
        if ((flags & CLOSE_RANGE_UNSHARE) != 0 && task.files().shared()) {
            FileDescriptorTable shared = task.files();
            task.setFiles(shared.fork());
            shared.release();
        }
        for (int fd : task.files().numbers(first, last < 0 ? Integer.MAX_VALUE : last)) {
            if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
                task.files().closesOnExec(fd, true);
            } else {
                close(task, fd);
            }
        }
        return 0;
    }
}
