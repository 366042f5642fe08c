package io.scwatcher.os.time;

import static io.scwatcher.os.abi.Errno.EINVAL;

import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;

/** struct timespec and struct timeval as nanoseconds, which saturate at KTIME_MAX. */
public final class TimeSpec {
    private static final long SECOND = 1_000_000_000;

    private TimeSpec() {}

    /** A struct timespec. @throws SystemCallException EFAULT; EINVAL if negative or with too many nanoseconds */
    public static long read(UserMemory memory, long address) {
        return of(memory.get64(address), memory.get64(address + 8), 1);
    }

    /** A struct timeval. @throws SystemCallException likewise */
    public static long readTimeval(UserMemory memory, long address) {
        return of(memory.get64(address), memory.get64(address + 8), 1000);
    }

    private static long of(long seconds, long fraction, long unit) {
        if (seconds < 0 || fraction < 0 || fraction >= SECOND / unit) {
            throw SystemCallException.of(EINVAL);
        }
        return seconds >= Long.MAX_VALUE / SECOND ? Long.MAX_VALUE : seconds * SECOND + fraction * unit;
    }

    public static void write(UserMemory memory, long address, long nanos) {
        memory.put64(address, Math.floorDiv(nanos, SECOND));
        memory.put64(address + 8, Math.floorMod(nanos, SECOND));
    }

    public static void writeTimeval(UserMemory memory, long address, long nanos) {
        memory.put64(address, Math.floorDiv(nanos, SECOND));
        memory.put64(address + 8, Math.floorMod(nanos, SECOND) / 1000);
    }

    /** The deadline for {@link Task#block} that is this long from now. */
    public static long after(long nanos) {
        long now = System.nanoTime();
        return nanos > Long.MAX_VALUE / 4 ? Task.NEVER : now + nanos;
    }
}
