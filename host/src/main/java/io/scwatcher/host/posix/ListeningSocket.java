package io.scwatcher.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A Unix socket that listens, to be handed to a child process, which needs no file system to accept connections. */
public final class ListeningSocket {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    /** sizeof(struct sockaddr_un): a short and the path with its terminating byte. */
    private static final int ADDRESS_LENGTH = 110;
    private static final int BACKLOG = 64;

    private static final MethodHandle SOCKET = Libc.withErrno("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = Libc.withErrno("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle LISTEN = Libc.withErrno("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private ListeningSocket() {}

    /**
     * Connections are queued from now on. Children that are spawned inherit it only as one of their standard streams.
     *
     * @param path does not exist yet
     */
    public static Descriptor open(Path path) throws PosixException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > ADDRESS_LENGTH - 3) {
            throw new PosixException("bind", PosixException.EINVAL);
        }
        try (Arena arena = Arena.ofConfined()) {
            int number = (int) SOCKET.invokeExact(Libc.callState(), AF_UNIX, SOCK_STREAM, 0);
            if (number < 0) {
                throw new PosixException("socket", Libc.errno());
            }
            Descriptor.keepFromChildren(number);
            Descriptor socket = new Descriptor(number);
            MemorySegment address = arena.allocate(ADDRESS_LENGTH, 2);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
            if ((int) BIND.invokeExact(Libc.callState(), number, address, ADDRESS_LENGTH) < 0
                    || (int) LISTEN.invokeExact(Libc.callState(), number, BACKLOG) < 0) {
                PosixException failure = new PosixException("bind " + path, Libc.errno());
                socket.close();
                throw failure;
            }
            return socket;
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }
}
