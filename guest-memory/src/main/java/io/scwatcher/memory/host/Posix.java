package io.scwatcher.memory.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The host system calls that Java has no method for. Each returns its value, or the negated errno. */
public final class Posix {
    public static final int EPERM = 1;
    public static final int ESRCH = 3;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;

    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURED));

    private static final MethodHandle OPEN =
            bind("open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            bind("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle LSEEK =
            bind("lseek", FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private Posix() {}

    /** Opens a file for reading. */
    public static int open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = STATE.get();
            return result(state, (int) OPEN.invokeExact(state, arena.allocateFrom(path), O_CLOEXEC));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    public static int close(int fd) {
        try {
            MemorySegment state = STATE.get();
            return result(state, (int) CLOSE.invokeExact(state, fd));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The first byte at or behind {@code offset} that is not in a hole; -{@link #ENXIO} if none follows. */
    public static long seekData(int fd, long offset) {
        return lseek(fd, offset, SEEK_DATA);
    }

    /** The first hole at or behind {@code offset}; the end of the file counts as one. */
    public static long seekHole(int fd, long offset) {
        return lseek(fd, offset, SEEK_HOLE);
    }

    private static long lseek(int fd, long offset, int whence) {
        try {
            MemorySegment state = STATE.get();
            long value = (long) LSEEK.invokeExact(state, fd, offset, whence);
            return value >= 0 ? value : -(int) ERRNO.get(state, 0L);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static int result(MemorySegment state, int value) {
        return value >= 0 ? value : -(int) ERRNO.get(state, 0L);
    }

    private static MethodHandle bind(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
    }

    private static AssertionError impossible(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new AssertionError(e);
    }
}
