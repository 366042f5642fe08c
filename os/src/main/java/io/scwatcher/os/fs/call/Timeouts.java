package io.scwatcher.os.fs.call;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import java.util.function.LongSupplier;

/** Time limits and signal masks of the calls that wait for files. A deadline is of {@link System#nanoTime}; 0 is for not waiting at all. */
final class Timeouts {
    private static final long SECOND = 1_000_000_000;

    private Timeouts() {}

    /** @param millis negative for ever */
    static long deadlineMillis(int millis) {
        return millis < 0 ? Task.NEVER : after(millis * 1_000_000L);
    }

    /** @param address of a struct timespec; null for ever */
    static long deadline(Task task, long address) {
        return address == 0 ? Task.NEVER : after(task.memory().get64(address), task.memory().get64(address + 8), 1);
    }

    /** @param address of a struct timeval; null for ever */
    static long deadlineMicros(Task task, long address) {
        return address == 0 ? Task.NEVER : after(task.memory().get64(address), task.memory().get64(address + 8), 1000);
    }

    private static long after(long seconds, long parts, long nanosEach) {
        if (nanosEach > 1) {
            // select(2) takes more than a second's worth of microseconds
            seconds = parts < 0 ? -1 : seconds + Math.min(parts / 1_000_000, Long.MAX_VALUE - Math.max(0, seconds));
            parts %= 1_000_000;
        }
        if (seconds < 0 || parts < 0 || parts >= SECOND) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        return seconds > Integer.MAX_VALUE ? Task.NEVER : after(seconds * SECOND + parts * nanosEach);
    }

    private static long after(long nanos) {
        if (nanos == 0) {
            return 0;
        }
        long deadline = System.nanoTime() + nanos;
        return deadline == 0 ? 1 : deadline;
    }

    /** Tells the program how much of the time is left, as Linux's select, pselect6 and ppoll do; a bad pointer does not matter. */
    static void storeLeft(Task task, long address, long deadline, boolean nanos) {
        if (address == 0 || deadline == Task.NEVER) {
            return;
        }
        long left = deadline == 0 ? 0 : Math.max(0, deadline - System.nanoTime());
        byte[] raw = new byte[16];
        Layouts.put64(raw, 0, left / SECOND);
        Layouts.put64(raw, 8, nanos ? left % SECOND : left % SECOND / 1000);
        task.memory().tryCopyOut(address, raw, 0, 16);
    }

    /**
     * Runs a waiting call under a signal mask.
     *
     * @param mask address of the signal set, 0 for none
     * @param size of a signal set: 8
     * @param tellsLeft whether the time that is left is stored at {@code timeout}
     */
    static long masked(Task task, long mask, long size, long timeout, long deadline, boolean tellsLeft, LongSupplier call) {
        if (mask != 0) {
            if (size != 8) {
                return -Errno.EINVAL;
            }
            Signals.setTemporaryMask(task, task.memory().get64(mask));
        }
        boolean interrupted = false;
        try {
            long result = call.getAsLong();
            interrupted = result == -Errno.ERESTARTNOHAND || result == -Errno.EINTR;
            return result;
        } finally {
            if (mask != 0) {
                Signals.restoreMask(task, interrupted);
            }
            if (tellsLeft) {
                storeLeft(task, timeout, deadline, true);
            }
        }
    }
}
