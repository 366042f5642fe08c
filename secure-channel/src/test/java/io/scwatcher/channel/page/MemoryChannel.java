package io.scwatcher.channel.page;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** Gives the bytes that it was made with, and takes all. */
final class MemoryChannel implements ByteChannel {
    private final ByteBuffer bytes;
    private boolean open = true;

    MemoryChannel(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    @Override
    public int read(ByteBuffer destination) {
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int length = Math.min(bytes.remaining(), destination.remaining());
        destination.put(bytes.slice(bytes.position(), length));
        bytes.position(bytes.position() + length);
        return length;
    }

    @Override
    public int write(ByteBuffer source) {
        int length = source.remaining();
        source.position(source.limit());
        return length;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
