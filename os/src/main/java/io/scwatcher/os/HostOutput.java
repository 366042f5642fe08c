package io.scwatcher.os;

import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/**
 * The writing end of a pipe from which somebody outside of the layer reads. What does not fit into the pipe waits, as it would in Linux: a slow reader never holds more
 * than the writing task.
 */
final class HostOutput extends HostStream {
    /** As a pipe's. */
    static final int CAPACITY = 1 << 16;

    private final OutputPump pump;
    private final OutputStream stream;
    private volatile LongConsumer meter = _ -> {};
    /** Bytes on their way. Guarded by the pump. */
    int pending;
    /** Whether the reader is gone. Guarded by the pump. */
    boolean broken;

    HostOutput(OutputPump pump, OutputStream stream) {
        super(OpenFlags.O_WRONLY);
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
}
