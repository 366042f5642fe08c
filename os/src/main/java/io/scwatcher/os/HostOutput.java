package io.scwatcher.os;

import io.scwatcher.os.fs.AnonymousInodes;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.wait.WaitQueue;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/**
 * The writing end of a pipe from which somebody outside of the layer reads. What does not fit into the pipe waits, as it would in Linux: a slow reader never holds more
 * than the writing task.
 */
final class HostOutput extends FileDescription {
    /** As a pipe's. */
    static final int CAPACITY = 1 << 16;

    private final OutputPump pump;
    private final OutputStream stream;
    private final WaitQueue queue = new WaitQueue();
    private final long inode = AnonymousInodes.next();
    private volatile LongConsumer meter = _ -> {};
    /** Bytes on their way. Guarded by the pump. */
    int pending;
    /** Whether the reader is gone. Guarded by the pump. */
    boolean broken;

    HostOutput(OutputPump pump, OutputStream stream) {
        super(null, OpenFlags.O_WRONLY);
        this.pump = pump;
        this.stream = stream;
    }

    OutputStream stream() {
        return stream;
    }

    /** Who is told how many bytes are written. */
    void meter(LongConsumer meter) {
        this.meter = meter;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        int count = pump.accept(this, from, offset, length);
        if (count > 0) {
            meter.accept(count);
        }
        return count;
    }

    /** Waits until nothing is on its way any more. */
    void drain() throws InterruptedException {
        pump.drain(this);
    }

    @Override
    public int poll() {
        synchronized (pump) {
            return broken ? PollEvents.WRITABLE | PollEvents.POLLERR : CAPACITY - pending >= 4096 ? PollEvents.WRITABLE : 0;
        }
    }

    @Override
    public WaitQueue waitQueue() {
        return queue;
    }

    /** The same stream: there is only one. */
    @Override
    public FileDescription reopen(int newFlags) {
        return this;
    }

    @Override
    public FileStatus status() {
        return AnonymousInodes.status(AnonymousInodes.PIPE_DEVICE, inode, 0010600, 0, 0, 0);
    }

    @Override
    public String linkText(Location root) {
        return "pipe:[" + inode + "]";
    }
}
