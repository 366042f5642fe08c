package io.scwatcher.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor. */
public final class Descriptor implements AutoCloseable {
    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 02000000;

    private static final MethodHandle OPEN = Libc.withErrno("open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle READ =
            Libc.withErrno("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            Libc.withErrno("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle CLOSE = Libc.withErrno("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static final MethodHandle FCNTL = Libc.plain("fcntl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    Descriptor(int number) {
        this.number = number;
    }

    /** open(2). */
    public static Descriptor open(String path, int flags) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) OPEN.invokeExact(Libc.callState(), Libc.string(arena, path), flags | O_CLOEXEC);
            if (fd < 0) {
                throw new PosixException(path, Libc.errno());
            }
            return new Descriptor(fd);
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** Makes it close-on-exec, whoever opened it. */
    static void keepFromChildren(int number) {
        try {
            int ignored = (int) FCNTL.invokeExact(number, F_SETFD, FD_CLOEXEC);
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    public int number() {
        return number;
    }

    /** read(2): the bytes read, or {@code -errno}. */
    public long read(MemorySegment buffer) {
        try {
            long count = (long) READ.invokeExact(Libc.callState(), number, buffer, buffer.byteSize());
            return count < 0 ? -Libc.errno() : count;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** write(2): the bytes written, or {@code -errno}. */
    public long write(MemorySegment buffer) {
        try {
            long count = (long) WRITE.invokeExact(Libc.callState(), number, buffer, buffer.byteSize());
            return count < 0 ? -Libc.errno() : count;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                int ignored = (int) CLOSE.invokeExact(Libc.callState(), number);
            } catch (Throwable e) {
                throw Libc.impossible(e);
            }
        }
    }
}
