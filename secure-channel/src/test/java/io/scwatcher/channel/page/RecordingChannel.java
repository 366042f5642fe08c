package io.scwatcher.channel.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** Keeps a copy of what is read. */
final class RecordingChannel implements ByteChannel {
    private final ByteChannel channel;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    RecordingChannel(ByteChannel channel) {
        this.channel = channel;
    }

    ByteBuffer received() {
        return ByteBuffer.wrap(received.toByteArray());
    }

    @Override
    public int read(ByteBuffer destination) throws IOException {
        int from = destination.position();
        int read = channel.read(destination);
        for (int i = from; i < destination.position(); i++) {
            received.write(destination.get(i));
        }
        return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
