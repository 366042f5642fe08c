package io.scwatcher.os.fs.pipe;

import io.scwatcher.os.KernelMemory;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.AnonymousInodes;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.wait.WaitQueue;

/** A pipe or a FIFO: bytes in order, up to a capacity (pipe(7), fs/pipe.c). Safe for several threads. */
public final class Pipe {
    /** Writes of up to this many bytes are not mixed with others. */
    public static final int PIPE_BUF = 4096;
    private static final int DEFAULT_CAPACITY = 1 << 16;
    /** fs.pipe-max-size. */
    private static final int MAX_CAPACITY = 1 << 20;

    private static final byte[] NOTHING = {};

    private final boolean fifo;
    private final KernelMemory memory;
    private final long inode = AnonymousInodes.next();
    private final long time = System.currentTimeMillis() * 1_000_000;
    private final WaitQueue readable = new WaitQueue();
    private final WaitQueue writable = new WaitQueue();
    private byte[] ring = NOTHING;
    private int capacity = DEFAULT_CAPACITY;
    private int head;
    private int used;
    private int readers;
    private int writers;
    /** Of those, who do both. */
    private volatile int both;
    /** How often each side was opened. */
    private int readerGeneration;
    private int writerGeneration;

    /** @param fifo whether it has a name  @param memory is charged for what is in it */
    public Pipe(boolean fifo, KernelMemory memory) {
        this.fifo = fifo;
        this.memory = memory;
    }

    boolean isFifo() {
        return fifo;
    }

    /** Both ends of a pipe: reading, writing. @param flags O_NONBLOCK, O_DIRECT */
    public PipeDescription[] open(int uid, int gid, int flags) {
        return new PipeDescription[] {
            new PipeDescription(this, null, flags | OpenFlags.O_RDONLY, uid, gid), new PipeDescription(this, null, flags | OpenFlags.O_WRONLY, uid, gid)
        };
    }

    /**
     * Opens a FIFO.
     *
     * @throws SystemCallException ENXIO for writing without waiting when nobody reads
     */
    public PipeDescription openFifo(Location at, int flags) {
        synchronized (this) {
            if ((flags & (OpenFlags.O_ACCMODE | OpenFlags.O_NONBLOCK)) == (OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK) && readers == 0) {
                throw SystemCallException.of(Errno.ENXIO);
            }
        }
        return new PipeDescription(this, at, flags, 0, 0);
    }

    /** Woken when there is more to read. Who reads and writes waits here for both. */
    WaitQueue readable() {
        return readable;
    }

    /** Woken when there is more room. */
    WaitQueue writable() {
        return writable;
    }

    private void wake() {
        readable.wakeAll();
        writable.wakeAll();
    }

    long inode() {
        return inode;
    }

    long time() {
        return time;
    }

    synchronized int readerGeneration() {
        return readerGeneration;
    }

    synchronized int writerGeneration() {
        return writerGeneration;
    }

    synchronized int readers() {
        return readers;
    }

    synchronized int writers() {
        return writers;
    }

    void opened(boolean reads, boolean writes) {
        synchronized (this) {
            readers += reads ? 1 : 0;
            readerGeneration += reads ? 1 : 0;
            writers += writes ? 1 : 0;
            writerGeneration += writes ? 1 : 0;
            both += reads && writes ? 1 : 0;
        }
        wake();
    }

    void closed(boolean reads, boolean writes) {
        synchronized (this) {
            readers -= reads ? 1 : 0;
            writers -= writes ? 1 : 0;
            if (readers == 0 && writers == 0) {
                used = 0;
                resize(0);
            }
            both -= reads && writes ? 1 : 0;
        }
        wake();
    }

    /** @param consume false to leave the bytes there: tee(2) */
    int read(byte[] to, int offset, int length, boolean consume) {
        int count;
        boolean roomMade;
        synchronized (this) {
            if (length == 0) {
                return 0;
            }
            if (used == 0) {
                return writers == 0 ? 0 : -Errno.EAGAIN;
            }
            count = Math.min(length, used);
            int first = Math.min(count, ring.length - head);
            System.arraycopy(ring, head, to, offset, first);
            System.arraycopy(ring, 0, to, offset + first, count - first);
            boolean full = capacity - used < PIPE_BUF;
            if (consume) {
                used -= count;
                head = used == 0 ? 0 : (head + count) % ring.length;
            }
            roomMade = full && capacity - used >= PIPE_BUF;
        }
        if (roomMade) {
            writable.wakeAll();
            if (both > 0) {
                readable.wakeAll();
            }
        }
        return count;
    }

    int write(byte[] from, int offset, int length) {
        int count;
        synchronized (this) {
            if (length == 0) {
                return 0;
            }
            if (readers == 0) {
                return -Errno.EPIPE;
            }
            int free = capacity - used;
            if (free == 0 || length <= PIPE_BUF && length > free) {
                return -Errno.EAGAIN;
            }
            if (memory.exhausted()) {
                return -Errno.ENOMEM;
            }
            count = Math.min(length, free);
            ensure(used + count);
            int tail = (head + used) % ring.length;
            int first = Math.min(count, ring.length - tail);
            System.arraycopy(from, offset, ring, tail, first);
            System.arraycopy(from, offset + first, ring, 0, count - first);
            used += count;
        }
        readable.wakeAll();
        return count;
    }

    /** Memory grows with what is in the pipe. */
    private void ensure(int size) {
        if (size > ring.length) {
            resize(Math.min(capacity, Math.max(Math.max(size, PIPE_BUF), ring.length * 4)));
        }
    }

    private void resize(int size) {
        byte[] larger = size == 0 ? NOTHING : new byte[size];
        memory.charge(size - ring.length);
        int first = Math.min(used, ring.length - head);
        System.arraycopy(ring, head, larger, 0, first);
        System.arraycopy(ring, 0, larger, first, used - first);
        ring = larger;
        head = 0;
    }

    synchronized int available() {
        return used;
    }

    /** Bytes that a write can take at once, or a negated error number. */
    synchronized int writeRoom() {
        return readers == 0 ? -Errno.EPIPE : used == capacity ? -Errno.EAGAIN : capacity - used;
    }

    synchronized int capacity() {
        return capacity;
    }

    /** F_SETPIPE_SZ. @return the capacity that it got. @throws SystemCallException EINVAL, EPERM, EBUSY */
    synchronized int changeCapacity(long wanted, boolean privileged) {
        if (wanted < 0 || wanted > 1L << 31) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        int rounded = wanted <= PIPE_BUF ? PIPE_BUF : Integer.highestOneBit((int) Math.min(wanted - 1, 1 << 29)) << 1;
        if (rounded > MAX_CAPACITY) {
            throw SystemCallException.of(privileged ? Errno.ENOMEM : Errno.EPERM);
        }
        if (rounded < used) {
            throw SystemCallException.of(Errno.EBUSY);
        }
        capacity = rounded;
        if (ring.length > capacity) {
            resize(capacity);
        }
        return rounded;
    }

    /** What is ready, for somebody who reads or writes and opened it when there had been {@code generation} writers. */
    synchronized int poll(boolean reads, boolean writes, int generation) {
        int events = 0;
        if (reads) {
            events |= used > 0 ? PollEvents.READABLE : 0;
            events |= writers == 0 && writerGeneration != generation ? PollEvents.POLLHUP : 0;
        }
        if (writes) {
            events |= capacity - used >= PIPE_BUF ? PollEvents.WRITABLE : 0;
            events |= readers == 0 ? PollEvents.POLLERR : 0;
        }
        return events;
    }
}
