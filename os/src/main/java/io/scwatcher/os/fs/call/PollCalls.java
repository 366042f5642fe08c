package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIGNAL_SET;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.TIMESPEC;
import static io.scwatcher.os.syscall.Argument.UNSIGNED;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.fs.poll.Poll;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.ResourceLimits;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.Wakeup;

/** poll, select and their variants with signal masks. */
public final class PollCalls {
    private static final int SELECT_IN = PollEvents.READABLE | PollEvents.POLLRDBAND | PollEvents.POLLHUP | PollEvents.POLLERR;
    private static final int SELECT_OUT = PollEvents.WRITABLE | PollEvents.POLLWRBAND | PollEvents.POLLERR;
    private static final int SELECT_EXCEPT = PollEvents.POLLPRI;

    private PollCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(7, "poll", args(POINTER, UNSIGNED, INT), FULL, (task, fds, count, timeout, _, _, _) ->
                poll(task, fds, count, Timeouts.deadlineMillis((int) timeout)));
        table.call(271, "ppoll", args(POINTER, UNSIGNED, TIMESPEC, SIGNAL_SET, SIZE), FULL, (task, fds, count, timeout, mask, size, _) -> {
            long deadline = Timeouts.deadline(task, timeout);
            return Timeouts.masked(task, mask, size, timeout, deadline, true, () -> poll(task, fds, count, deadline));
        });
        table.call(23, "select", args(INT, POINTER, POINTER, POINTER, POINTER), FULL, (task, count, in, out, except, timeout, _) -> {
            long deadline = Timeouts.deadlineMicros(task, timeout);
            long result = select(task, (int) count, in, out, except, deadline);
            Timeouts.storeLeft(task, timeout, deadline, false);
            return result;
        });
        table.call(270, "pselect6", args(INT, POINTER, POINTER, POINTER, TIMESPEC, POINTER), FULL, (task, count, in, out, except, timeout, pair) -> {
            long mask = pair == 0 ? 0 : task.memory().get64(pair);
            long size = pair == 0 ? 0 : task.memory().get64(pair + 8);
            long deadline = Timeouts.deadline(task, timeout);
            return Timeouts.masked(task, mask, size, timeout, deadline, true, () -> select(task, (int) count, in, out, except, deadline));
        });
    }

    /** struct pollfd: fd, events and revents (16 bits each). */
    private static long poll(Task task, long address, long count, long deadline) {
        count &= 0xffff_ffffL;
        if (Long.compareUnsigned(count, task.group().limits().soft(ResourceLimits.NOFILE)) > 0 || count > 1 << 20) {
            return -Errno.EINVAL;
        }
        byte[] raw = task.memory().copyIn(address, (int) count * 8);
        Poll poll = new Poll(task);
        boolean invalid = false;
        for (int i = 0; i < count; i++) {
            int fd = Layouts.get32(raw, i * 8);
            FileDescription file = fd < 0 ? null : openForIo(task, fd);
            invalid |= fd >= 0 && file == null;
            poll.add(file, Layouts.get32(raw, i * 8 + 4) & 0xffff);
        }
        Wakeup wakeup = poll.await(invalid ? 0 : deadline);
        if (wakeup == Wakeup.INTERRUPTED) {
            return -Errno.ERESTARTNOHAND;
        }
        int ready = 0;
        for (int i = 0; i < count; i++) {
            int fd = Layouts.get32(raw, i * 8);
            int found = fd >= 0 && openForIo(task, fd) == null && poll.found(i) == 0 ? PollEvents.POLLNVAL : poll.found(i);
            Layouts.put16(raw, i * 8 + 6, found);
            ready += found != 0 ? 1 : 0;
        }
        task.memory().copyOut(address, raw);
        return ready;
    }

    private static FileDescription openForIo(Task task, int fd) {
        FileDescription file = task.files().find(fd);
        return file == null || (file.flags() & OpenFlags.O_PATH) != 0 ? null : file;
    }

    private static long select(Task task, int count, long in, long out, long except, long deadline) {
        if (count < 0) {
            return -Errno.EINVAL;
        }
        count = Math.min(count, Math.max(task.files().capacity(), 64));
        int bytes = (count + 63) / 64 * 8;
        long[] addresses = {in, out, except};
        byte[][] sets = new byte[3][];
        for (int i = 0; i < 3; i++) {
            sets[i] = addresses[i] == 0 ? new byte[bytes] : task.memory().copyIn(addresses[i], bytes);
        }
        Poll poll = new Poll(task);
        int[] numbers = new int[count];
        int used = 0;
        for (int fd = 0; fd < count; fd++) {
            int events = (bit(sets[0], fd) ? SELECT_IN : 0) | (bit(sets[1], fd) ? SELECT_OUT : 0) | (bit(sets[2], fd) ? SELECT_EXCEPT : 0);
            if (events != 0) {
                FileDescription file = openForIo(task, fd);
                if (file == null) {
                    throw SystemCallException.of(Errno.EBADF);
                }
                poll.addExactly(file, events);
                numbers[used++] = fd;
            }
        }
        Wakeup wakeup = poll.await(deadline);
        if (wakeup == Wakeup.INTERRUPTED) {
            return -Errno.ERESTARTNOHAND;
        }
        byte[][] results = new byte[3][bytes];
        int ready = 0;
        for (int i = 0; i < used; i++) {
            int fd = numbers[i];
            ready += mark(results[0], sets[0], fd, poll.found(i) & SELECT_IN);
            ready += mark(results[1], sets[1], fd, poll.found(i) & SELECT_OUT);
            ready += mark(results[2], sets[2], fd, poll.found(i) & SELECT_EXCEPT);
        }
        for (int i = 0; i < 3; i++) {
            if (addresses[i] != 0) {
                task.memory().copyOut(addresses[i], results[i]);
            }
        }
        return ready;
    }

    private static boolean bit(byte[] set, int fd) {
        return (set[fd >> 3] >> (fd & 7) & 1) != 0;
    }

    private static int mark(byte[] result, byte[] wanted, int fd, int events) {
        if (events == 0 || !bit(wanted, fd)) {
            return 0;
        }
        result[fd >> 3] |= (byte) (1 << (fd & 7));
        return 1;
    }
}
