package io.scwatcher.os;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import java.io.IOException;
import java.io.InputStream;

/** The reading end of a pipe into which somebody outside of the layer writes. */
final class HostInput extends HostStream {
    private final InputStream stream;
    private final byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private boolean over;
    private boolean reading;

    HostInput(InputStream stream) {
        super(OpenFlags.O_RDONLY);
        this.stream = stream;
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) {
        if (start == end && !over) {
            startReading();
            return -Errno.EAGAIN;
        }
        int count = Math.min(length, end - start);
        System.arraycopy(buffer, start, to, offset, count);
        start += count;
        return count;
    }

    @Override
    public synchronized int poll() {
        if (start == end && !over) {
            startReading();
            return 0;
        }
        return start < end ? PollEvents.POLLIN | PollEvents.POLLRDNORM : PollEvents.POLLHUP;
    }

    /** Only when somebody wants input: a command that never reads leaves the stream alone. */
    private void startReading() {
        if (!reading) {
            reading = true;
            Thread.ofPlatform().daemon().name("standard input").start(this::readOnce);
        }
    }

    private void readOnce() {
        int count;
        try {
            count = stream.read(buffer, 0, buffer.length);
        } catch (IOException e) {
            count = -1;
        }
        synchronized (this) {
            reading = false;
            start = 0;
            end = Math.max(count, 0);
            over = count < 0;
        }
        waitQueue().wakeAll();
    }
}
