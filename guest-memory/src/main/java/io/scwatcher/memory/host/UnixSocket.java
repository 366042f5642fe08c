package io.scwatcher.memory.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A connected stream socket of the Unix domain. Unlike Java's own it knows its peer's process and has time-outs. */
public final class UnixSocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int ADDRESS_BYTES = 110;

    private static final MethodHandle SOCKET =
            Posix.bind("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CONNECT =
            Posix.bind("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT = Posix.bind("getsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SETSOCKOPT = Posix.bind("setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECV = Posix.bind("recv",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SEND = Posix.bind("send",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private final int fd;
    private boolean closed;

    private UnixSocket(int fd) {
        this.fd = fd;
    }

    /** @throws IOException that says what a person can make of it */
    public static UnixSocket connect(Path path, Duration timeout) throws IOException {
        // A socket's address holds 107 bytes; a longer path is reached through its directory's descriptor.
        boolean fits = path.toString().getBytes(StandardCharsets.UTF_8).length < ADDRESS_BYTES - 2;
        int directory = fits ? -1 : Posix.open(path.toAbsolutePath().getParent().toString());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Posix.state();
            int fd = (int) check(Posix.result(state, (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_STREAM_CLOEXEC, 0)));
            UnixSocket socket = new UnixSocket(fd);
            try {
                MemorySegment address = arena.allocate(ADDRESS_BYTES, 8);
                address.set(JAVA_SHORT, 0, (short) AF_UNIX);
                address.setString(2, fits ? path.toString() : "/proc/self/fd/" + directory + "/" + path.getFileName());
                socket.timeout(SO_SNDTIMEO, timeout);
                socket.answerWithin(timeout);
                check(Posix.result(state, (int) CONNECT.invokeExact(state, fd, address, ADDRESS_BYTES)));
                return socket;
            } catch (Throwable e) {
                socket.close();
                throw e;
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw Posix.impossible(e);
        } finally {
            if (directory >= 0) {
                Posix.close(directory);
            }
        }
    }

    /** The process that listens: the one that called listen(2). */
    public int peerPid() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(12, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 12);
            MemorySegment state = Posix.state();
            check(Posix.result(state,
                    (int) GETSOCKOPT.invokeExact(state, fd, SOL_SOCKET, SO_PEERCRED, credentials, length)));
            return credentials.get(JAVA_INT, 0);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw Posix.impossible(e);
        }
    }

    /** Sets how long a read waits. */
    public void answerWithin(Duration timeout) throws IOException {
        timeout(SO_RCVTIMEO, timeout);
    }

    private void timeout(int option, Duration timeout) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(JAVA_LONG, timeout.toSeconds(), timeout.toNanosPart() / 1000);
            MemorySegment state = Posix.state();
            check(Posix.result(state, (int) SETSOCKOPT.invokeExact(state, fd, SOL_SOCKET, option, value, 16)));
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw Posix.impossible(e);
        }
    }

    public void send(byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocateFrom(JAVA_BYTE, bytes);
            MemorySegment state = Posix.state();
            for (long at = 0; at < bytes.length;) {
                at += check(Posix.result(state,
                        (long) SEND.invokeExact(state, fd, buffer.asSlice(at), bytes.length - at, MSG_NOSIGNAL)));
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw Posix.impossible(e);
        }
    }

    /** What arrives. A read throws {@link SocketTimeoutException} when nothing does for the time-out. */
    public InputStream input() {
        return new InputStream() {
            private final MemorySegment buffer = Arena.ofAuto().allocate(16 << 10);

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                try {
                    MemorySegment state = Posix.state();
                    long got;
                    do {
                        got = Posix.result(state, (long) RECV.invokeExact(
                                state, fd, buffer, Math.min(length, buffer.byteSize()), 0));
                    } while (got == -Posix.EINTR);
                    check(got);
                    MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, offset, (int) got);
                    return got == 0 && length > 0 ? -1 : (int) got;
                } catch (IOException e) {
                    throw e;
                } catch (Throwable e) {
                    throw Posix.impossible(e);
                }
            }
        };
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Posix.close(fd);
        }
    }

    private static long check(long result) throws IOException {
        if (result == -Posix.EAGAIN) {
            throw new SocketTimeoutException("no answer");
        }
        if (result < 0) {
            throw new IOException(Posix.message(result));
        }
        return result;
    }
}
