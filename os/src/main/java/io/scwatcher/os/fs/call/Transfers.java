package io.scwatcher.os.fs.call;

import static io.scwatcher.os.abi.Errno.EAGAIN;
import static io.scwatcher.os.abi.Errno.EBADF;
import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.EFBIG;
import static io.scwatcher.os.abi.Errno.EINTR;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EPIPE;
import static io.scwatcher.os.abi.Errno.ERESTARTSYS;

import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.task.ResourceLimits;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.WaitQueue;
import io.scwatcher.os.wait.Wakeup;
import io.scwatcher.vfs.FileType;
import java.util.function.IntSupplier;

/**
 * How bytes go between open files and programs: the rules of partial transfers, of waiting and of faults, in one place. A transfer that moved something returns
 * how much, whatever stopped it; an error is returned only if nothing was moved.
 */
public final class Transfers {
    /** At the file's own offset. */
    public static final long HERE = -1;

    private static final int SEEK_CUR = 1;
    /** How much is copied at once. At least what a pipe or a datagram can hold. */
    private static final int CHUNK = 1 << 17;
    private static final int STREAM_CHUNK = 1 << 20;
    /** The largest buffer that a reader keeps while it sleeps: there may be thousands. */
    private static final int HELD = 1 << 17;

    private Transfers() {}

    /**
     * Tries, and waits and tries again as long as the file would block.
     *
     * @param attempt must not touch the program's memory
     * @return what the attempt returned, or {@code -ERESTARTSYS} if a signal came first
     */
    public static int await(Task task, FileDescription file, IntSupplier attempt) {
        int result = attempt.getAsInt();
        WaitQueue queue = file.waitQueue();
        if (result != -EAGAIN || queue == null || file.nonBlocking()) {
            return result;
        }
        return await(task, file, queue, Task.NEVER, attempt);
    }

    /** Likewise, for as long as read(2) or write(2) on this file waits: then {@code -EAGAIN}. With such a limit signals restart nothing (signal(7)). */
    private static int await(Task task, FileDescription file, boolean writing, IntSupplier attempt) {
        long deadline = file.deadline(writing);
        if (deadline == Task.NEVER || file.nonBlocking()) {
            return await(task, file, attempt);
        }
        int result = await(task, file, file.waitQueue(), deadline, attempt);
        return result == -ERESTARTSYS ? -EINTR : result;
    }

    /** Likewise, waiting only if {@code waits}. */
    static int await(Task task, FileDescription file, IntSupplier attempt, boolean waits) {
        return waits ? await(task, file, attempt) : attempt.getAsInt();
    }

    /** Likewise on one queue, until a deadline of {@link System#nanoTime}: then {@code -EAGAIN}. */
    public static int await(Task task, FileDescription file, WaitQueue queue, long deadline, IntSupplier attempt) {
        int[] result = {-EAGAIN};
        file.acquire();
        try {
            Wakeup wakeup = task.block(queue, deadline, () -> (result[0] = attempt.getAsInt()) != -EAGAIN);
            return wakeup == Wakeup.INTERRUPTED ? -ERESTARTSYS : result[0];
        } finally {
            file.release();
        }
    }

    /** read(2), pread(2), readv(2). @param position or {@link #HERE} */
    public static long read(Task task, FileDescription file, IoVectors to, long position) {
        if (!file.readable()) {
            return -EBADF;
        }
        if (position != HERE && position + to.left() < 0) {
            return -EINVAL;
        }
        int refused = file.beforeTransfer(task, false);
        if (refused != 0) {
            return refused;
        }
        boolean seekable = file.seekable();
        if (to.left() > 0 && !to.writable()) {
            return seekable ? readNowhere(file, position) : -EFAULT;
        }
        int size = (int) Math.min(to.left(), seekable ? CHUNK : STREAM_CHUNK);
        byte[][] buffer = {task.transferBuffer(size)};
        long done = 0;
        do {
            int wanted = (int) Math.min(size, to.left());
            long at = position + done;
            int count = await(task, file, false, () -> {
                if (buffer[0] == null) {
                    buffer[0] = task.transferBuffer(size);
                }
                int got = position == HERE ? file.read(buffer[0], 0, wanted) : file.readAt(at, buffer[0], 0, wanted);
                if (got == -EAGAIN && size > HELD) {
                    buffer[0] = null;
                }
                return got;
            });
            if (count < 0) {
                return done > 0 ? done : count;
            }
            int copied = to.put(buffer[0], 0, count);
            done += copied;
            if (copied < count) {
                if (position == HERE && seekable) {
                    file.seek(copied - count, SEEK_CUR);
                }
                return done > 0 ? done : -EFAULT;
            }
            if (count < wanted) {
                break;
            }
        } while (seekable && to.left() > 0);
        return done;
    }

    /** The buffer is bad: the end of the file is told all the same. */
    private static long readNowhere(FileDescription file, long position) {
        int count = file.readAt(position == HERE ? file.seek(0, SEEK_CUR) : position, new byte[1], 0, 1);
        return count > 0 ? -EFAULT : count;
    }

    /** write(2), pwrite(2), writev(2). @param position or {@link #HERE} */
    public static long write(Task task, FileDescription file, IoVectors from, long position) {
        if (!file.writable()) {
            return -EBADF;
        }
        if (position != HERE && position + from.left() < 0) {
            return -EINVAL;
        }
        int refused = file.beforeTransfer(task, true);
        if (refused != 0) {
            return refused;
        }
        long limit = sizeLimit(task, file, position, from.left());
        if (limit < 0) {
            return limit;
        }
        int size = (int) Math.min(limit, CHUNK);
        // what goes into a queue may stay there as it is
        byte[] buffer = file.seekable() ? task.transferBuffer(size) : new byte[size];
        long done = 0;
        do {
            int wanted = from.take(buffer, 0, (int) Math.min(size, limit - done));
            if (wanted == 0 && limit > 0) {
                return done > 0 ? done : -EFAULT;
            }
            long written = write(task, file, buffer, wanted, position == HERE ? HERE : position + done);
            if (written < 0) {
                return done > 0 ? done : written;
            }
            done += written;
            if (written < wanted) {
                break;
            }
        } while (done < limit);
        return done;
    }

    /** All of a buffer, as far as possible; raises SIGPIPE. */
    public static long write(Task task, FileDescription file, byte[] buffer, int length, long position) {
        int done = 0;
        do {
            int from = done;
            int count = await(task, file, true, () -> position == HERE ? file.write(buffer, from, length - from)
                    : file.writeAt(position + from, buffer, from, length - from));
            if (count < 0) {
                if (count == -EPIPE) {
                    Signals.raise(task, Signal.SIGPIPE);
                }
                return done > 0 ? done : count;
            }
            done += count;
            if (count == 0) {
                break;
            }
        } while (done < length);
        return done;
    }

    /** How many bytes RLIMIT_FSIZE lets be written of those wanted; {@code -EFBIG}, with SIGXFSZ, if none. */
    private static long sizeLimit(Task task, FileDescription file, long position, long wanted) {
        long limit = task.group().limits().soft(ResourceLimits.FSIZE);
        if (limit == ResourceLimits.INFINITY || wanted == 0 || !file.seekable() || file.status().type() != FileType.REGULAR) {
            return wanted;
        }
        boolean atEnd = (file.flags() & OpenFlags.O_APPEND) != 0;
        long at = atEnd ? file.status().size() : position == HERE ? file.seek(0, SEEK_CUR) : position;
        if (Long.compareUnsigned(at, limit) >= 0) {
            Signals.raise(task, Signal.SIGXFSZ);
            return -EFBIG;
        }
        return Math.min(wanted, limit - at);
    }
}
