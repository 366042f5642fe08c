package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.FD_PAIR;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.STRING;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Argument.flags;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.pipe.Pipe;
import io.scwatcher.os.fs.pipe.PipeDescription;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;

/** Pipes, and copying between open files without passing through the program: splice, tee, vmsplice, sendfile, copy_file_range; memfd_create. */
public final class PipeCalls {
    private static final int CHUNK = 1 << 16;
    private static final int SEEK_CUR = 1;
    private static final int SPLICE_NONBLOCK = 2, SPLICE_FLAGS = 15;
    private static final int MFD_CLOEXEC = 1, MFD_ALLOW_SEALING = 2, MFD_NOEXEC_SEAL = 8, MFD_EXEC = 16;
    private static final int MEMFD_NAME_MAX = 249;
    private static final int SEAL_EXEC = 32;

    private PipeCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(22, "pipe", args(FD_PAIR), FULL, (task, out, _, _, _, _, _) -> pipe(task, out, 0));
        table.call(293, "pipe2", args(FD_PAIR, OpenCalls.OPEN_FLAGS), PARTIAL, "O_DIRECT makes no packets", (task, out, flags, _, _, _, _) ->
                (flags & ~(OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK | OpenFlags.O_DIRECT)) != 0 ? -Errno.EINVAL : pipe(task, out, (int) flags));
        table.call(40, "sendfile", args(FD, FD, POINTER, SIZE), FULL, (task, out, in, offset, count, _, _) -> sendfile(task, (int) out, (int) in, offset, count));
        table.call(326, "copy_file_range", args(FD, POINTER, FD, POINTER, SIZE, HEX), FULL, PipeCalls::copyFileRange);
        table.call(275, "splice", args(FD, POINTER, FD, POINTER, SIZE, HEX), FULL, PipeCalls::splice);
        table.call(276, "tee", args(FD, FD, SIZE, HEX), FULL, (task, in, out, count, flags, _, _) -> tee(task, (int) in, (int) out, count, (int) flags));
        table.call(278, "vmsplice", args(FD, POINTER, INT, HEX), FULL, (task, fd, array, count, flags, _, _) -> vmsplice(task, (int) fd, array, count, (int) flags));
        table.call(319, "memfd_create", args(STRING, flags("MFD_CLOEXEC", "MFD_ALLOW_SEALING", "MFD_HUGETLB", "MFD_NOEXEC_SEAL", "MFD_EXEC")), FULL,
                (task, name, flags, _, _, _, _) -> memfd(task, name, (int) flags));
    }

    private static long pipe(Task task, long out, int flags) {
        Credentials who = task.credentials();
        PipeDescription[] ends = new Pipe(false, task.layer().kernelMemory()).open(who.fsuid(), who.fsgid(), flags & ~OpenFlags.O_CLOEXEC);
        boolean closeOnExec = (flags & OpenFlags.O_CLOEXEC) != 0;
        int read = task.files().install(ends[0], closeOnExec);
        int write = -1;
        try {
            write = task.files().install(ends[1], closeOnExec);
            task.memory().put32(out, read);
            task.memory().put32(out + 4, write);
        } catch (SystemCallException e) {
            task.files().remove(read).release();
            if (write >= 0) {
                task.files().remove(write).release();
            }
            throw e;
        }
        return 0;
    }

    /** Where a copy takes bytes from or puts them: an open file at its own offset, or at one in the program's memory. */
    private static final class Side {
        private final Task task;
        private final FileDescription file;
        private final long pointer;
        private long position = Transfers.HERE;

        Side(Task task, FileDescription file, long pointer) {
            this.task = task;
            this.file = file;
            this.pointer = pointer;
            if (pointer != 0) {
                position = task.memory().get64(pointer);
                if (position < 0) {
                    throw SystemCallException.of(Errno.EINVAL);
                }
                if (!file.seekable()) {
                    throw SystemCallException.of(Errno.ESPIPE);
                }
            }
        }

        int read(byte[] to, int length) {
            return position == Transfers.HERE ? file.read(to, 0, length) : file.readAt(position, to, 0, length);
        }

        void moved(long count) {
            if (position != Transfers.HERE) {
                position += count;
                task.memory().put64(pointer, position);
            }
        }
    }

    /**
     * Copies until the input ends or has nothing more right now. Bytes that were read and cannot be written go back.
     *
     * @param waits whether the first byte is waited for
     */
    private static long copy(Task task, Side in, Side out, long count, boolean waits) {
        if (!in.file.readable() || !out.file.writable()) {
            return -Errno.EBADF;
        }
        byte[] buffer = new byte[(int) Math.min(count, CHUNK)];
        long done = 0;
        while (done < count) {
            int wanted = (int) Math.min(buffer.length, count - done);
            if (out.file instanceof PipeDescription pipe) {
                int room = Transfers.await(task, pipe, () -> pipe.writeRoom(), waits && done == 0);
                if (room <= 0) {
                    return done > 0 ? done : room;
                }
                wanted = Math.min(wanted, room);
            }
            int length = wanted;
            int read = Transfers.await(task, in.file, () -> in.read(buffer, length), waits && done == 0);
            if (read <= 0) {
                return done > 0 ? done : read;
            }
            long written = Transfers.write(task, out.file, buffer, read, out.position);
            if (written < read && in.position == Transfers.HERE && in.file.seekable()) {
                in.file.seek(Math.max(0, written) - read, SEEK_CUR);
            }
            if (written < 0) {
                return done > 0 ? done : written;
            }
            in.moved(written);
            out.moved(written);
            done += written;
            if (written < read || read < wanted && !in.file.seekable()) {
                break;
            }
        }
        return done;
    }

    private static long sendfile(Task task, int out, int in, long offset, long count) {
        FileDescription from = task.files().get(in);
        FileDescription to = task.files().get(out);
        if (!from.seekable() && !(from instanceof PipeDescription)) {
            return -Errno.EINVAL;
        }
        if ((to.flags() & OpenFlags.O_APPEND) != 0 || count < 0) {
            return -Errno.EINVAL;
        }
        return copy(task, new Side(task, from, offset), new Side(task, to, 0), Math.min(count, IoVectors.MAX_BYTES), true);
    }

    private static long copyFileRange(Task task, long in, long inOffset, long out, long outOffset, long count, long flags) {
        FileDescription from = task.files().get((int) in);
        FileDescription to = task.files().get((int) out);
        if (flags != 0) {
            return -Errno.EINVAL;
        }
        FileType fromType = from.status().type();
        FileType toType = to.status().type();
        if (fromType == FileType.DIRECTORY || toType == FileType.DIRECTORY) {
            return -Errno.EISDIR;
        }
        if (fromType != FileType.REGULAR || toType != FileType.REGULAR) {
            return -Errno.EINVAL;
        }
        if ((to.flags() & OpenFlags.O_APPEND) != 0) {
            return -Errno.EBADF;
        }
        Side source = new Side(task, from, inOffset);
        Side target = new Side(task, to, outOffset);
        long size = Math.min(count < 0 ? IoVectors.MAX_BYTES : count, IoVectors.MAX_BYTES);
        if (from.inode() == to.inode()) {
            long a = source.position == Transfers.HERE ? from.seek(0, SEEK_CUR) : source.position;
            long b = target.position == Transfers.HERE ? to.seek(0, SEEK_CUR) : target.position;
            if (a + size > b && a < b + size) {
                return -Errno.EINVAL;
            }
        }
        return copy(task, source, target, size, true);
    }

    private static long splice(Task task, long in, long inOffset, long out, long outOffset, long count, long flags) {
        if (count == 0) {
            return 0;
        }
        if ((flags & ~SPLICE_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        FileDescription from = task.files().get((int) in);
        FileDescription to = task.files().get((int) out);
        boolean fromPipe = from instanceof PipeDescription;
        boolean toPipe = to instanceof PipeDescription;
        if (fromPipe && inOffset != 0 || toPipe && outOffset != 0) {
            return -Errno.ESPIPE;
        }
        if (!fromPipe && !toPipe || fromPipe && toPipe && ((PipeDescription) from).samePipe((PipeDescription) to)) {
            return -Errno.EINVAL;
        }
        if (!toPipe && (to.flags() & OpenFlags.O_APPEND) != 0) {
            return -Errno.EINVAL;
        }
        long size = Math.min(count < 0 ? IoVectors.MAX_BYTES : count, IoVectors.MAX_BYTES);
        return copy(task, new Side(task, from, inOffset), new Side(task, to, outOffset), size, (flags & SPLICE_NONBLOCK) == 0);
    }

    private static long tee(Task task, int in, int out, long count, int flags) {
        if ((flags & ~SPLICE_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        if (count == 0) {
            return 0;
        }
        FileDescription from = task.files().get(in);
        FileDescription to = task.files().get(out);
        if (!from.readable() || !to.writable()) {
            return -Errno.EBADF;
        }
        if (!(from instanceof PipeDescription source) || !(to instanceof PipeDescription target) || source.samePipe(target)) {
            return -Errno.EINVAL;
        }
        boolean waits = (flags & SPLICE_NONBLOCK) == 0;
        int room = Transfers.await(task, target, target::writeRoom, waits);
        if (room <= 0) {
            return room;
        }
        byte[] buffer = new byte[(int) Math.min(count < 0 ? CHUNK : count, Math.min(room, CHUNK))];
        int read = Transfers.await(task, source, () -> source.peek(buffer, 0, buffer.length), waits);
        return read <= 0 ? read : Transfers.write(task, target, buffer, read, Transfers.HERE);
    }

    private static long vmsplice(Task task, int fd, long array, long count, int flags) {
        if ((flags & ~SPLICE_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        FileDescription file = task.files().get(fd);
        if (!(file instanceof PipeDescription)) {
            return -Errno.EBADF;
        }
        IoVectors vectors = IoVectors.read(task.memory(), array, count);
        return file.writable() ? Transfers.write(task, file, vectors, Transfers.HERE) : Transfers.read(task, file, vectors, Transfers.HERE);
    }

    private static long memfd(Task task, long nameAddress, int flags) {
        int known = MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC;
        if ((flags & ~known) != 0 || (flags & (MFD_EXEC | MFD_NOEXEC_SEAL)) == (MFD_EXEC | MFD_NOEXEC_SEAL)) {
            return -Errno.EINVAL;
        }
        String name;
        try {
            name = task.memory().readString(nameAddress, MEMFD_NAME_MAX + 1);
        } catch (SystemCallException e) {
            return e.errno() == Errno.ENAMETOOLONG ? -Errno.EINVAL : -e.errno();
        }
        boolean noExec = (flags & MFD_NOEXEC_SEAL) != 0;
        Credentials who = task.credentials();
        FileDescription file = task.fsContext().mounts().memory().unnamed(noExec ? 0666 : 0777, who.fsuid(), who.fsgid())
                .openUnnamed("memfd:" + name, OpenFlags.O_RDWR | OpenFlags.O_LARGEFILE, noExec || (flags & MFD_ALLOW_SEALING) != 0);
        if (noExec) {
            file.addSeals(SEAL_EXEC);
        }
        return task.files().install(file, (flags & MFD_CLOEXEC) != 0);
    }
}
