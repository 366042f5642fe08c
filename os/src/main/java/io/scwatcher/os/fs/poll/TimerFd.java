package io.scwatcher.os.fs.poll;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.fs.call.Layouts;
import io.scwatcher.os.time.Timers;

/** A timer as a file: timerfd_create(2). */
public final class TimerFd extends AnonymousDescription {
    private final Timers timers;
    private final int clock;
    private Timers.Pending pending;
    /** Of {@link System#nanoTime}; meaningless when disarmed. */
    private long next;
    private long interval;
    private boolean armed;
    private long expirations;

    /** @param clock as clock_gettime(2) numbers them: only told in /proc */
    public TimerFd(Timers timers, int clock, int flags) {
        super("[timerfd]", flags | OpenFlags.O_RDWR);
        this.timers = timers;
        this.clock = clock;
    }

    public int clock() {
        return clock;
    }

    /** @param first time until it expires first, nanoseconds; negative to disarm  @param interval between later expirations; 0 for none */
    public synchronized void set(long first, long interval) {
        cancel();
        expirations = 0;
        this.interval = interval;
        if (first >= 0) {
            armed = true;
            next = System.nanoTime() + Math.min(first, Long.MAX_VALUE / 4);
            schedule();
        }
    }

    private void cancel() {
        armed = false;
        if (pending != null) {
            pending.cancel();
            pending = null;
        }
    }

    private void schedule() {
        pending = timers.at(next, this::expired);
    }

    private void expired() {
        synchronized (this) {
            count();
            if (armed) {
                schedule();
            }
        }
        queue.wakeAll();
    }

    /** Counts what has expired by now. */
    private void count() {
        long late = System.nanoTime() - next;
        if (!armed || late < 0) {
            return;
        }
        if (interval == 0) {
            expirations++;
            armed = false;
        } else {
            long times = late / interval + 1;
            expirations += times;
            next += times * interval;
        }
    }

    /** Time until the next expiration, nanoseconds; 0 when disarmed. */
    public synchronized long left() {
        count();
        return armed ? Math.max(1, next - System.nanoTime()) : 0;
    }

    public synchronized long interval() {
        return interval;
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) {
        if (length < 8) {
            return -Errno.EINVAL;
        }
        count();
        if (expirations == 0) {
            return -Errno.EAGAIN;
        }
        Layouts.put64(to, offset, expirations);
        expirations = 0;
        return 8;
    }

    @Override
    public synchronized int poll() {
        count();
        return expirations != 0 ? PollEvents.POLLIN : 0;
    }

    @Override
    protected synchronized void closed() {
        cancel();
    }

    /** For /proc/self/fdinfo. */
    public synchronized String describe() {
        long left = left();
        return "clockid: " + clock + "\nticks: " + expirations + "\nsettime flags: 00\nit_value: " + time(left) + "\nit_interval: " + time(interval) + "\n";
    }

    private static String time(long nanos) {
        return "(" + nanos / 1_000_000_000 + ", " + nanos % 1_000_000_000 + ")";
    }
}
