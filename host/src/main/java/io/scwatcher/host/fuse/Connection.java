package io.scwatcher.host.fuse;

import io.scwatcher.host.posix.Descriptor;
import io.scwatcher.host.posix.PosixException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The conversation with the kernel over {@code /dev/fuse}: worker threads that each read a request, answer it and read
 * the next. It ends when the kernel ends it, that is after the file system was unmounted everywhere or aborted.
 */
final class Connection {
    /** Several tools at once, or one tool with several threads; requests are short. */
    private static final int WORKERS = 4;
    /** The kernel refuses reads with less room than 8 KiB or its header and largest write. */
    private static final int REQUEST_ROOM = 64 << 10;

    private final Descriptor device;
    private final Operations operations;
    private final List<Thread> workers = new ArrayList<>();

    Connection(Descriptor device, Operations operations) {
        this.device = device;
        this.operations = operations;
    }

    /** Starts serving; the mount exists already or is about to be made by the calling thread. */
    void start(String name) {
        for (int i = 0; i < WORKERS; i++) {
            workers.add(Thread.ofPlatform().daemon().name("fuse-" + name + "-" + i).start(this::serve));
        }
    }

    /** Waits until the kernel has ended the connection, then closes the device. */
    void await() throws InterruptedException {
        for (Thread worker : workers) {
            worker.join();
        }
        device.close();
    }

    /** Likewise, for at most so long; false if the connection is still up then. */
    boolean await(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        for (Thread worker : workers) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (!worker.join(java.time.Duration.ofMillis(Math.max(1, left)))) {
                return false;
            }
        }
        device.close();
        return true;
    }

    /** Whether the kernel has ended it. */
    boolean isOver() {
        return workers.stream().noneMatch(Thread::isAlive);
    }

    private void serve() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment incoming = arena.allocate(REQUEST_ROOM, 8);
            MemorySegment outgoing = arena.allocate(Protocol.OUT_HEADER + Protocol.LARGEST_READ, 8);
            Reply reply = new Reply();
            while (true) {
                long length = device.read(incoming);
                if (length == -PosixException.ENOENT || length == -PosixException.EINTR
                        || length == -PosixException.EAGAIN) {
                    continue; // the request was withdrawn before it was read, or a signal came
                }
                if (length < 0) {
                    return; // ENODEV or ECONNABORTED: unmounted or aborted
                }
                Request request = new Request(incoming.asSlice(0, length).asByteBuffer());
                operations.handle(request, reply);
                if (reply.isWanted()) {
                    send(reply.finish(), outgoing);
                }
            }
        }
    }

    /** ENOENT means that the request was withdrawn meanwhile; other failures show at the next read. */
    private void send(ByteBuffer reply, MemorySegment outgoing) {
        MemorySegment.copy(reply.array(), 0, outgoing, ValueLayout.JAVA_BYTE, 0, reply.limit());
        device.write(outgoing.asSlice(0, reply.limit()));
    }
}
