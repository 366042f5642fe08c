package io.scwatcher.memory.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Reading other processes. */
public final class ProcessCalls {
    /** The most ranges in one call: IOV_MAX of Linux. */
    public static final int MAX_RANGES = 1024;

    private static final MethodHandle PREAD = Posix.bind("pread",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG), Linker.Option.critical(true));
    private static final MethodHandle PROCESS_VM_READV = Posix.bind("process_vm_readv", FunctionDescriptor.of(
            JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG));

    private ProcessCalls() {}

    /** pread(2), straight into an array. */
    public static long pread(int fd, long offset, byte[] destination, int at, int length) {
        return pread(fd, offset, MemorySegment.ofArray(destination).asSlice(at, length));
    }

    /** pread(2), to fill a segment of the heap or outside it. */
    public static long pread(int fd, long offset, MemorySegment destination) {
        try {
            MemorySegment state = Posix.state();
            return Posix.result(state,
                    (long) PREAD.invokeExact(state, fd, destination, destination.byteSize(), offset));
        } catch (Throwable e) {
            throw Posix.impossible(e);
        }
    }

    /**
     * process_vm_readv(2).
     *
     * @param local an iovec
     * @param remote {@code ranges} iovecs
     * @return bytes read: fewer than asked for if a range cannot be read
     */
    public static long processVmReadv(int pid, MemorySegment local, MemorySegment remote, long ranges) {
        try {
            MemorySegment state = Posix.state();
            return Posix.result(state, (long) PROCESS_VM_READV.invokeExact(state, pid, local, 1L, remote, ranges, 0L));
        } catch (Throwable e) {
            throw Posix.impossible(e);
        }
    }
}
