package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.lock.FileLocks;
import io.scwatcher.os.fs.lock.RangeLock;
import io.scwatcher.os.fs.pipe.PipeDescription;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.ResourceLimits;
import io.scwatcher.os.task.Task;

/** fcntl, flock, and the ioctl requests that all files have. */
public final class FcntlCalls {
    private static final int F_DUPFD = 0, F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4, F_GETLK = 5, F_SETLK = 6, F_SETLKW = 7, F_SETOWN = 8, F_GETOWN = 9,
            F_SETSIG = 10, F_GETSIG = 11, F_SETOWN_EX = 15, F_GETOWN_EX = 16, F_OFD_GETLK = 36, F_OFD_SETLK = 37, F_OFD_SETLKW = 38, F_SETLEASE = 1024,
            F_GETLEASE = 1025, F_NOTIFY = 1026, F_DUPFD_QUERY = 1027, F_DUPFD_CLOEXEC = 1030, F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032, F_ADD_SEALS = 1033,
            F_GET_SEALS = 1034;
    private static final int F_RDLCK = 0, F_WRLCK = 1, F_UNLCK = 2;
    private static final int F_OWNER_TID = 0, F_OWNER_PID = 1, F_OWNER_PGRP = 2;
    private static final int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;
    private static final int FIOCLEX = 0x5451, FIONCLEX = 0x5450, FIONBIO = 0x5421, FIOASYNC = 0x5452, FIOQSIZE = 0x5460, FIONREAD = 0x541b;

    private FcntlCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(72, "fcntl", args(FD, INT, HEX), PARTIAL, "leases and directory notification fail with EINVAL",
                (task, fd, command, argument, _, _, _) -> fcntl(task, (int) fd, (int) command, argument));
        table.call(73, "flock", args(FD, INT), FULL, (task, fd, operation, _, _, _, _) -> flock(task, task.files().get((int) fd), (int) operation));
        table.call(16, "ioctl", args(FD, HEX, HEX), FULL, (task, fd, request, argument, _, _, _) -> ioctl(task, (int) fd, (int) request, argument));
    }

    private static long fcntl(Task task, int fd, int command, long argument) {
        FileDescription file = task.files().getAny(fd);
        boolean worksOnPath = command == F_DUPFD || command == F_DUPFD_CLOEXEC || command == F_GETFD || command == F_SETFD || command == F_GETFL
                || command == F_DUPFD_QUERY;
        if ((file.flags() & OpenFlags.O_PATH) != 0 && !worksOnPath) {
            return -Errno.EBADF;
        }
        switch (command) {
            case F_DUPFD, F_DUPFD_CLOEXEC -> {
                if (Long.compareUnsigned(argument, task.group().limits().soft(ResourceLimits.NOFILE)) >= 0 || (int) argument < 0) {
                    return -Errno.EINVAL;
                }
                return task.files().install(file, (int) argument, command == F_DUPFD_CLOEXEC);
            }
            case F_GETFD -> {
                return task.files().closesOnExec(fd) ? 1 : 0;
            }
            case F_SETFD -> task.files().closesOnExec(fd, (argument & 1) != 0);
            case F_GETFL -> {
                return file.flags();
            }
            case F_SETFL -> file.changeFlags((int) argument);
            case F_GETLK, F_OFD_GETLK -> getLock(task, file, argument, command == F_OFD_GETLK);
            case F_SETLK, F_OFD_SETLK -> {
                return setLock(task, fd, file, argument, command == F_OFD_SETLK, false);
            }
            case F_SETLKW, F_OFD_SETLKW -> {
                return setLock(task, fd, file, argument, command == F_OFD_SETLKW, true);
            }
            case F_GETOWN -> {
                return file.owner();
            }
            case F_SETOWN -> file.owner((int) argument);
            case F_GETOWN_EX -> {
                int owner = file.owner();
                task.memory().put32(argument, owner < 0 ? F_OWNER_PGRP : F_OWNER_PID);
                task.memory().put32(argument + 4, Math.abs(owner));
            }
            case F_SETOWN_EX -> {
                int type = task.memory().get32(argument);
                int id = task.memory().get32(argument + 4);
                if (type < F_OWNER_TID || type > F_OWNER_PGRP) {
                    return -Errno.EINVAL;
                }
                file.owner(type == F_OWNER_PGRP ? -id : id);
            }
            case F_GETSIG -> {
                return file.ownerSignal();
            }
            case F_SETSIG -> {
                if (argument < 0 || argument > Signal.LAST) {
                    return -Errno.EINVAL;
                }
                file.ownerSignal((int) argument);
            }
            case F_GETLEASE -> {
                return F_UNLCK;
            }
            case F_DUPFD_QUERY -> {
                return task.files().getAny((int) argument) == file ? 1 : 0;
            }
            case F_SETPIPE_SZ -> {
                return pipe(file).changeCapacity(argument, task.credentials().has(Credentials.CAP_SYS_RESOURCE));
            }
            case F_GETPIPE_SZ -> {
                return pipe(file).capacity();
            }
            case F_ADD_SEALS -> {
                if (!file.writable()) {
                    return -Errno.EPERM;
                }
                file.addSeals((int) argument);
            }
            case F_GET_SEALS -> {
                return file.seals();
            }
            case F_SETLEASE, F_NOTIFY -> {
                return -Errno.EINVAL;
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    private static PipeDescription pipe(FileDescription file) {
        if (file instanceof PipeDescription pipe) {
            return pipe;
        }
        throw SystemCallException.of(Errno.EBADF);
    }

    /** struct flock: l_type, l_whence (16 bits each), l_start, l_len, l_pid. */
    private static RangeLock lock(Task task, FileDescription file, byte[] raw, boolean ofDescription) {
        int whence = raw[2] & 0xff | raw[3] << 8;
        long start = Layouts.get64(raw, 8);
        long length = Layouts.get64(raw, 16);
        if (ofDescription && Layouts.get32(raw, 24) != 0) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        long base = switch (whence) {
            case 0 -> 0;
            case 1 -> Math.max(0, file.seek(0, 1));
            case 2 -> file.status().size();
            default -> throw SystemCallException.of(Errno.EINVAL);
        };
        if (start > Long.MAX_VALUE - base) {
            throw SystemCallException.of(Errno.EOVERFLOW);
        }
        start += base;
        long end = length == 0 ? Long.MAX_VALUE : length > 0 ? start + length - 1 : start - 1;
        if (length > 0 && end < start - 1) {
            throw SystemCallException.of(Errno.EOVERFLOW);
        }
        if (length < 0) {
            start += length;
        }
        if (start < 0) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        int type = type(raw);
        if (type > F_UNLCK) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        Object owner = ofDescription ? file : task.files();
        return new RangeLock(owner, ofDescription ? -1 : task.group().id(), type == F_WRLCK, start, end);
    }

    private static int type(byte[] raw) {
        return raw[0] & 0xff | (raw[1] & 0xff) << 8;
    }

    private static void getLock(Task task, FileDescription file, long address, boolean ofDescription) {
        byte[] raw = task.memory().copyIn(address, 32);
        if (type(raw) == F_UNLCK) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        RangeLock wanted = lock(task, file, raw, ofDescription);
        Inode inode = file.inode();
        RangeLock conflict = inode == null ? null : inode.locks().conflicting(wanted);
        if (conflict == null) {
            Layouts.put16(raw, 0, F_UNLCK);
        } else {
            Layouts.put16(raw, 0, conflict.exclusive() ? F_WRLCK : F_RDLCK);
            Layouts.put16(raw, 2, 0);
            Layouts.put64(raw, 8, conflict.start());
            Layouts.put64(raw, 16, conflict.end() == Long.MAX_VALUE ? 0 : conflict.end() - conflict.start() + 1);
            Layouts.put32(raw, 24, conflict.pid());
        }
        task.memory().copyOut(address, raw);
    }

    private static long setLock(Task task, int fd, FileDescription file, long address, boolean ofDescription, boolean waits) {
        byte[] raw = task.memory().copyIn(address, 32);
        RangeLock wanted = lock(task, file, raw, ofDescription);
        Inode inode = file.inode();
        if (inode == null) {
            return -Errno.EBADF;
        }
        FileLocks locks = inode.locks();
        int type = type(raw);
        if (type == F_UNLCK) {
            locks.unlock(wanted);
            return 0;
        }
        if (type == F_RDLCK ? !file.readable() : !file.writable()) {
            return -Errno.EBADF;
        }
        int result = locks.lock(wanted);
        if (result == -Errno.EAGAIN && waits) {
            result = await(task, file, locks, wanted, !ofDescription);
        }
        if (result == 0 && task.files().find(fd) != file) {
            // closed by another thread meanwhile: close(2) did not see this lock
            locks.unlock(wanted);
            return -Errno.EBADF;
        }
        return result;
    }

    private static int await(Task task, FileDescription file, FileLocks locks, RangeLock wanted, boolean detectsDeadlock) {
        try {
            return Transfers.await(task, file, locks.queue(), Task.NEVER, () -> {
                int result = locks.lock(wanted);
                RangeLock blocker = result == -Errno.EAGAIN && detectsDeadlock ? locks.conflicting(wanted) : null;
                return blocker != null && !FileLocks.waitFor(wanted.owner(), blocker.owner()) ? -Errno.EDEADLK : result;
            });
        } finally {
            FileLocks.waited(wanted.owner());
        }
    }

    private static long flock(Task task, FileDescription file, int operation) {
        int wanted = operation & ~LOCK_NB;
        if (wanted != LOCK_SH && wanted != LOCK_EX && wanted != LOCK_UN) {
            return -Errno.EINVAL;
        }
        Inode inode = file.inode();
        if (inode == null) {
            return -Errno.EBADF;
        }
        FileLocks locks = inode.locks();
        if (wanted == LOCK_UN) {
            locks.unlockWhole(file);
            return 0;
        }
        boolean exclusive = wanted == LOCK_EX;
        int result = locks.lockWhole(file, exclusive);
        if (result != -Errno.EAGAIN || (operation & LOCK_NB) != 0) {
            return result;
        }
        return Transfers.await(task, file, locks.queue(), Task.NEVER, () -> locks.lockWhole(file, exclusive));
    }

    private static long ioctl(Task task, int fd, int request, long argument) {
        FileDescription file = task.files().get(fd);
        switch (request) {
            case FIOCLEX -> task.files().closesOnExec(fd, true);
            case FIONCLEX -> task.files().closesOnExec(fd, false);
            case FIONBIO -> setFlag(task, file, argument, OpenFlags.O_NONBLOCK);
            case FIOASYNC -> setFlag(task, file, argument, OpenFlags.FASYNC);
            case FIOQSIZE -> {
                if (!file.seekable()) {
                    return -Errno.ENOTTY;
                }
                task.memory().put64(argument, file.status().size());
            }
            case FIONREAD -> {
                if (!file.seekable()) {
                    return file.ioctl(task, request, argument);
                }
                task.memory().put32(argument, (int) (file.status().size() - file.seek(0, 1)));
            }
            default -> {
                return file.ioctl(task, request, argument);
            }
        }
        return 0;
    }

    private static void setFlag(Task task, FileDescription file, long address, int flag) {
        boolean on = task.memory().get32(address) != 0;
        file.changeFlags(on ? file.flags() | flag : file.flags() & ~flag);
    }
}
