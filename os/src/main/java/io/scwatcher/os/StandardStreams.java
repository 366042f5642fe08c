package io.scwatcher.os;

import io.scwatcher.os.fs.FileDescription;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** Descriptors 0, 1 and 2 of a run. */
public record StandardStreams(FileDescription input, FileDescription output, FileDescription error) {
    /**
     * From and to Java streams, by threads of their own. Output that the streams do not take makes programs wait; what both streams get keeps its order.
     */
    public static StandardStreams of(InputStream input, OutputStream output, OutputStream error) {
        OutputPump pump = new OutputPump();
        return new StandardStreams(new HostInput(input), new HostOutput(pump, output), new HostOutput(pump, error));
    }

    /** A terminal, or whatever is to be all three. */
    public static StandardStreams of(FileDescription terminal) {
        return new StandardStreams(terminal, terminal, terminal);
    }

    /** Who is told how many bytes are about to be written to Java streams. */
    void meter(LongConsumer meter) {
        for (FileDescription stream : new FileDescription[] {output, error}) {
            if (stream instanceof HostOutput host) {
                host.meter(meter);
            }
        }
    }

    /** Waits until Java streams have taken all that was written. */
    void drain() throws InterruptedException {
        for (FileDescription stream : new FileDescription[] {output, error}) {
            if (stream instanceof HostOutput host) {
                host.drain();
            }
        }
    }
}
