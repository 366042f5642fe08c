package io.scwatcher.os.fs.pipe;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.AnonymousInodes;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.WaitQueue;

/** One end of a {@link Pipe}, or both ends of a FIFO. */
public final class PipeDescription extends FileDescription {
    private static final int FIONREAD = 0x541b;

    private static final int NONE = -1;

    private final Pipe pipe;
    /** Whether it has a name: then opening waits for the other side. */
    private final boolean fifo;
    private final int uid;
    private final int gid;
    private final int readersBefore;
    private final int writersBefore;

    PipeDescription(Pipe pipe, Location at, int flags, int uid, int gid) {
        super(at, flags);
        this.pipe = pipe;
        this.fifo = pipe.isFifo();
        this.uid = uid;
        this.gid = gid;
        synchronized (pipe) {
            // Who meets the other side has nothing to wait for, even if it is gone again before completeOpen asks.
            readersBefore = pipe.readers() > 0 ? NONE : pipe.readerGeneration();
            writersBefore = !fifo || pipe.writers() > 0 ? NONE : pipe.writerGeneration();
            pipe.opened(readable(), writable());
        }
    }

    /** Only FIFOs wait for their other end: fifo_open. */
    @Override
    public int completeOpen() {
        synchronized (pipe) {
            boolean alone = !readable() && pipe.readers() == 0 && pipe.readerGeneration() == readersBefore
                    || !writable() && pipe.writers() == 0 && pipe.writerGeneration() == writersBefore;
            return fifo && alone && !nonBlocking() ? -Errno.EAGAIN : 0;
        }
    }

    @Override
    public FileDescription reopen(int newFlags) {
        return new PipeDescription(pipe, null, newFlags, uid, gid);
    }

    @Override
    protected void closed() {
        pipe.closed(readable(), writable());
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        return pipe.read(to, offset, length, true);
    }

    /** As {@link #read}, but the bytes stay: tee(2). */
    public int peek(byte[] to, int offset, int length) {
        return pipe.read(to, offset, length, false);
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return pipe.write(from, offset, length);
    }

    /** Bytes that a write can take at once; {@code -EAGAIN} if none, {@code -EPIPE} without readers. */
    public int writeRoom() {
        return pipe.writeRoom();
    }

    /** Whether both are ends of one pipe. */
    public boolean samePipe(PipeDescription other) {
        return pipe == other.pipe;
    }

    public int capacity() {
        return pipe.capacity();
    }

    /** fcntl(F_SETPIPE_SZ). */
    public int changeCapacity(long wanted, boolean privileged) {
        return pipe.changeCapacity(wanted, privileged);
    }

    @Override
    public int poll() {
        return pipe.poll(readable(), writable(), writersBefore);
    }

    @Override
    public WaitQueue waitQueue() {
        return readable() ? pipe.readable() : pipe.writable();
    }

    @Override
    public FileStatus status() {
        return location() != null ? location().inode().status()
                : AnonymousInodes.status(AnonymousInodes.PIPE_DEVICE, pipe.inode(), 0010600, uid, gid, pipe.time());
    }

    @Override
    public String linkText(Location root) {
        return location() != null ? super.linkText(root) : "pipe:[" + pipe.inode() + "]";
    }

    @Override
    public long ioctl(Task task, int request, long argument) {
        if (request == FIONREAD) {
            task.memory().put32(argument, pipe.available());
            return 0;
        }
        return super.ioctl(task, request, argument);
    }
}
