package io.scwatcher.os;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** The writing end of a pipe from which somebody outside of the layer reads. */
final class HostOutput extends FileDescription {
    private final OutputStream stream;
    private volatile LongConsumer meter = _ -> {};

    HostOutput(OutputStream stream) {
        super(null, OpenFlags.O_WRONLY);
        this.stream = stream;
    }

    /** Who is told how many bytes are about to be written. */
    void meter(LongConsumer meter) {
        this.meter = meter;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        meter.accept(length);
        try {
            stream.write(from, offset, length);
            stream.flush();
            return length;
        } catch (IOException e) {
            return -Errno.EPIPE;
        }
    }

    /** The same stream: there is only one. */
    @Override
    public FileDescription reopen(int newFlags) {
        return this;
    }

    @Override
    public FileStatus status() {
        return pipeStatus(this);
    }

    @Override
    public String linkText(Location root) {
        return pipeName(this);
    }

    static FileStatus pipeStatus(Object pipe) {
        return new FileStatus(14, System.identityHashCode(pipe), 0010600, 1, 0, 0, 0, 0, 4096, 0, 0, 0, 0, 0);
    }

    static String pipeName(Object pipe) {
        return "pipe:[" + System.identityHashCode(pipe) + "]";
    }
}
