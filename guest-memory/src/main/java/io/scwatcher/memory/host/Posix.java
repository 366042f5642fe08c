package io.scwatcher.memory.host;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** The host system calls that Java has no method for. Each returns its value, or the negated errno. */
public final class Posix {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int ENXIO = 6;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;

    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int STATFS_BYTES = 256;
    private static final long HUGETLBFS_MAGIC = 0x958458f6L;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURED));

    private static final MethodHandle OPEN = bind("open", FunctionDescriptor.of(INT, POINTER, INT));
    private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle LSEEK = bind("lseek", FunctionDescriptor.of(LONG, INT, LONG, INT));

    private static final MethodHandle FSTATFS = bind("fstatfs", FunctionDescriptor.of(INT, INT, POINTER));

    private Posix() {}

    /** Opens a file for reading. */
    public static int open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = STATE.get();
            return (int) result(state, (int) OPEN.invokeExact(state, arena.allocateFrom(path), O_CLOEXEC));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    public static int close(int fd) {
        try {
            MemorySegment state = STATE.get();
            return (int) result(state, (int) CLOSE.invokeExact(state, fd));
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
            return result(state, (long) LSEEK.invokeExact(state, fd, offset, whence));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Whether a file lies in a file system of huge pages. */
    public static boolean isHugetlbfs(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statfs = arena.allocate(STATFS_BYTES, 8);
            MemorySegment state = STATE.get();
            return (int) FSTATFS.invokeExact(state, fd, statfs) == 0 && statfs.get(LONG, 0) == HUGETLBFS_MAGIC;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static MemorySegment state() {
        return STATE.get();
    }

    static long result(MemorySegment state, long value) {
        return value >= 0 ? value : -(int) ERRNO.get(state, 0L);
    }

    /** A function of libc. Its handle takes {@link #state()} first. */
    static MethodHandle bind(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
    }

    static AssertionError impossible(Throwable e) {
        if (e instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new AssertionError(e);
    }

    /** What errno says, for the few that people meet. */
    public static String message(long negated) {
        return switch ((int) -negated) {
            case EPERM, EACCES -> "no permission";
            case ESRCH -> "no such process";
            case ENOENT -> "no such file";
            case 111 -> "nobody listens there";
            case EAGAIN -> "no answer";
            default -> "errno " + -negated;
        };
    }
}
