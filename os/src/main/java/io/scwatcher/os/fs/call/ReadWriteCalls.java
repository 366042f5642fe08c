package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.IN_BUFFER;
import static io.scwatcher.os.syscall.Argument.LONG;
import static io.scwatcher.os.syscall.Argument.OUT_BUFFER;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Argument.oneOf;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;

/** read, write and their families, lseek. */
public final class ReadWriteCalls {
    /** Flags of preadv2(2) and pwritev2(2) that change nothing here: RWF_HIPRI, RWF_DSYNC, RWF_SYNC. */
    private static final int RWF_HARMLESS = 0x7;

    private ReadWriteCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(0, "read", args(FD, OUT_BUFFER, SIZE), FULL, (task, fd, address, length, _, _, _) -> {
            FileDescription file = task.files().get((int) fd);
            return Transfers.read(task, file, IoVectors.of(task.memory(), address, length), Transfers.HERE);
        });
        table.call(1, "write", args(FD, IN_BUFFER, SIZE), FULL, (task, fd, address, length, _, _, _) -> {
            FileDescription file = task.files().get((int) fd);
            return Transfers.write(task, file, IoVectors.of(task.memory(), address, length), Transfers.HERE);
        });
        table.call(17, "pread64", args(FD, OUT_BUFFER, SIZE, LONG), FULL, (task, fd, address, length, position, _, _) -> position < 0 ? -Errno.EINVAL
                : Transfers.read(task, positional(task, fd), IoVectors.of(task.memory(), address, length), position));
        table.call(18, "pwrite64", args(FD, IN_BUFFER, SIZE, LONG), FULL, (task, fd, address, length, position, _, _) -> position < 0 ? -Errno.EINVAL
                : Transfers.write(task, positional(task, fd), IoVectors.of(task.memory(), address, length), position));
        table.call(19, "readv", args(FD, POINTER, INT), FULL, (task, fd, array, count, _, _, _) -> {
            FileDescription file = task.files().get((int) fd);
            return Transfers.read(task, file, IoVectors.read(task.memory(), array, count), Transfers.HERE);
        });
        table.call(20, "writev", args(FD, POINTER, INT), FULL, (task, fd, array, count, _, _, _) -> {
            FileDescription file = task.files().get((int) fd);
            return Transfers.write(task, file, IoVectors.read(task.memory(), array, count), Transfers.HERE);
        });
        table.call(295, "preadv", args(FD, POINTER, INT, LONG), FULL, (task, fd, array, count, position, _, _) -> position < 0 ? -Errno.EINVAL
                : Transfers.read(task, positional(task, fd), IoVectors.read(task.memory(), array, count), position));
        table.call(296, "pwritev", args(FD, POINTER, INT, LONG), FULL, (task, fd, array, count, position, _, _) -> position < 0 ? -Errno.EINVAL
                : Transfers.write(task, positional(task, fd), IoVectors.read(task.memory(), array, count), position));
        table.call(327, "preadv2", args(FD, POINTER, INT, LONG, HEX, HEX), PARTIAL, "RWF_NOWAIT and RWF_APPEND fail with EOPNOTSUPP",
                (task, fd, array, count, position, _, flags) -> preadv2(task, fd, array, count, position, flags));
        table.call(328, "pwritev2", args(FD, POINTER, INT, LONG, HEX, HEX), PARTIAL, "RWF_NOWAIT and RWF_APPEND fail with EOPNOTSUPP",
                (task, fd, array, count, position, _, flags) -> pwritev2(task, fd, array, count, position, flags));
        table.call(8, "lseek", args(FD, LONG, oneOf("SEEK_SET", "SEEK_CUR", "SEEK_END", "SEEK_DATA", "SEEK_HOLE")), FULL,
                (task, fd, offset, whence, _, _, _) -> {
                    FileDescription file = task.files().get((int) fd);
                    return whence < 0 || whence > 4 ? -Errno.EINVAL : file.seek(offset, (int) whence);
                });
    }

    /** @throws SystemCallException EBADF, ESPIPE */
    private static FileDescription positional(Task task, long fd) {
        FileDescription file = task.files().get((int) fd);
        if (!file.seekable()) {
            throw SystemCallException.of(Errno.ESPIPE);
        }
        return file;
    }

    private static long preadv2(Task task, long fd, long array, long count, long position, long flags) {
        if ((flags & ~RWF_HARMLESS) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        if (position < -1) {
            return -Errno.EINVAL;
        }
        FileDescription file = position == -1 ? task.files().get((int) fd) : positional(task, fd);
        return Transfers.read(task, file, IoVectors.read(task.memory(), array, count), position);
    }

    private static long pwritev2(Task task, long fd, long array, long count, long position, long flags) {
        if ((flags & ~RWF_HARMLESS) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        if (position < -1) {
            return -Errno.EINVAL;
        }
        FileDescription file = position == -1 ? task.files().get((int) fd) : positional(task, fd);
        return Transfers.write(task, file, IoVectors.read(task.memory(), array, count), position);
    }
}
