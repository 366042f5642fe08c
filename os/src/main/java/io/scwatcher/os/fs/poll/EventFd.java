package io.scwatcher.os.fs.poll;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.fs.call.Layouts;

/** A counter that can be waited for: eventfd(2). */
public final class EventFd extends AnonymousDescription {
    private final boolean semaphore;
    /** Unsigned, at most 2^64 - 2. */
    private long count;

    /** @param semaphore whether a read takes 1 rather than all */
    public EventFd(int initial, int flags, boolean semaphore) {
        super("[eventfd]", flags | OpenFlags.O_RDWR);
        this.count = Integer.toUnsignedLong(initial);
        this.semaphore = semaphore;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        if (length < 8) {
            return -Errno.EINVAL;
        }
        synchronized (this) {
            if (count == 0) {
                return -Errno.EAGAIN;
            }
            long taken = semaphore ? 1 : count;
            count -= taken;
            Layouts.put64(to, offset, taken);
        }
        queue.wakeAll();
        return 8;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        if (length < 8) {
            return -Errno.EINVAL;
        }
        long added = Layouts.get64(from, offset);
        if (added == -1) {
            return -Errno.EINVAL;
        }
        synchronized (this) {
            if (Long.compareUnsigned(-2 - count, added) < 0) {
                return -Errno.EAGAIN;
            }
            count += added;
        }
        queue.wakeAll();
        return 8;
    }

    @Override
    public synchronized int poll() {
        return (count != 0 ? PollEvents.POLLIN : 0) | (Long.compareUnsigned(count, -2) < 0 ? PollEvents.POLLOUT : 0) | (count == -1 ? PollEvents.POLLERR : 0);
    }

    /** For /proc/self/fdinfo. */
    public synchronized String describe() {
        return String.format("eventfd-count: %16x\n", count);
    }
}
