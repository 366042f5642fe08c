package io.scwatcher.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** A connected pair of Unix sockets: one end here, one for a child process, which may hand back an open file. */
public final class SocketPair implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MSGHDR = 56;
    private static final int CMSGHDR = 16;

    private static final MethodHandle SOCKETPAIR = Libc.withErrno("socketpair",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle RECVMSG = Libc.withErrno("recvmsg",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private final Descriptor ours;
    private final Descriptor theirs;

    private SocketPair(Descriptor ours, Descriptor theirs) {
        this.ours = ours;
        this.theirs = theirs;
    }

    /** Children that are spawned now inherit {@link #theirs}. */
    public static SocketPair open() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            if ((int) SOCKETPAIR.invokeExact(Libc.callState(), AF_UNIX, SOCK_STREAM, 0, pair) < 0) {
                throw new PosixException("socketpair", Libc.errno());
            }
            Descriptor.keepFromChildren(pair.getAtIndex(JAVA_INT, 0));
            return new SocketPair(new Descriptor(pair.getAtIndex(JAVA_INT, 0)),
                    new Descriptor(pair.getAtIndex(JAVA_INT, 1)));
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** The end for the child. */
    public Descriptor theirs() {
        return theirs;
    }

    /**
     * Waits for an open file, sent with SCM_RIGHTS (unix(7)).
     *
     * @return null if the other side has closed its end instead
     */
    public Descriptor receive() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(16);
            MemorySegment vector = arena.allocate(16, 8);
            vector.set(ADDRESS, 0, data);
            vector.set(JAVA_LONG, 8, data.byteSize());
            MemorySegment control = arena.allocate(CMSGHDR + 8, 8);
            MemorySegment message = arena.allocate(MSGHDR, 8);
            message.set(ADDRESS, 16, vector);
            message.set(JAVA_LONG, 24, 1);
            message.set(ADDRESS, 32, control);
            message.set(JAVA_LONG, 40, control.byteSize());
            long count;
            do {
                count = (long) RECVMSG.invokeExact(Libc.callState(), ours.number(), message, MSG_CMSG_CLOEXEC);
            } while (count < 0 && Libc.errno() == PosixException.EINTR);
            if (count < 0) {
                throw new PosixException("recvmsg", Libc.errno());
            }
            boolean isDescriptor = count > 0 && message.get(JAVA_LONG, 40) >= CMSGHDR + 4
                    && control.get(JAVA_INT, 8) == SOL_SOCKET && control.get(JAVA_INT, 12) == SCM_RIGHTS;
            return isDescriptor ? new Descriptor(control.get(JAVA_INT, CMSGHDR)) : null;
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** Sends a short text to the child. */
    public void send(String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = Libc.string(arena, text);
            ours.write(bytes.asSlice(0, bytes.byteSize() - 1));
        }
    }

    @Override
    public void close() {
        theirs.close();
        ours.close();
    }
}
