package io.scwatcher.channel.page;

import io.scwatcher.channel.ChannelException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** Frames over a stream. One thread reads and one writes at a time; the buffers grow to the largest frame that was met and are reused. */
final class FrameChannel implements AutoCloseable {
    private static final int FIRST_CAPACITY = 1 << 16;
    private static final int LENGTH = Integer.BYTES;

    private final ByteChannel channel;
    private ByteBuffer input = ByteBuffer.allocate(FIRST_CAPACITY).limit(0);
    private ByteBuffer output = ByteBuffer.allocate(FIRST_CAPACITY);
    private long bytesReceived;
    private long bytesSent;

    FrameChannel(ByteChannel channel) {
        this.channel = channel;
    }

    /**
     * The next frame; its body is valid until the next call.
     *
     * @return null at the end of the stream between two frames
     * @throws ChannelException if the stream ends within a frame, or the frame is none
     */
    Frame receive() throws IOException {
        if (!fill(LENGTH, true)) {
            return null;
        }
        int length = input.getInt();
        if (length < Frame.HEADER || length > Frame.MAX_LENGTH) {
            throw new ChannelException("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        fill(length, false);
        Frame.Type type = Frame.Type.of(input.get() & 0xff);
        int request = input.getInt();
        ByteBuffer body = input.slice(input.position(), length - Frame.HEADER);
        input.position(input.position() + length - Frame.HEADER);
        return new Frame(type, request, body);
    }

    /** A buffer for a body of at most {@code capacity} bytes, to be sent next. */
    ByteBuffer body(int capacity) {
        int needed = LENGTH + Frame.HEADER + capacity;
        if (output.capacity() < needed) {
            output = ByteBuffer.allocate(Math.max(needed, 2 * output.capacity()));
        }
        return output.clear().position(LENGTH + Frame.HEADER);
    }

    /** Sends what was put into {@link #body}. */
    void send(Frame.Type type, int request) throws IOException {
        output.flip();
        output.putInt(0, output.limit() - LENGTH).put(LENGTH, (byte) type.ordinal()).putInt(LENGTH + 1, request);
        bytesSent += output.limit();
        while (output.hasRemaining()) {
            channel.write(output);
        }
    }

    long bytesReceived() {
        return bytesReceived;
    }

    long bytesSent() {
        return bytesSent;
    }

    private boolean fill(int bytes, boolean mayEnd) throws IOException {
        if (input.remaining() >= bytes) {
            return true;
        }
        if (input.capacity() < bytes) {
            input = ByteBuffer.allocate(Math.max(bytes, Math.min(2 * input.capacity(), Frame.MAX_LENGTH))).put(input);
        } else {
            input.compact();
        }
        while (input.position() < bytes) {
            int read = channel.read(input);
            if (read < 0) {
                if (mayEnd && input.position() == 0) {
                    input.limit(0);
                    return false;
                }
                throw new ChannelException("the connection ended within a frame");
            }
            bytesReceived += read;
        }
        input.flip();
        return true;
    }

    /** What parses a body: a body that is too short is malformed. */
    interface Parser<T> {
        T parse(ByteBuffer body) throws IOException;
    }

    static <T> T parse(Frame frame, Parser<T> parser) throws IOException {
        try {
            T result = parser.parse(frame.body());
            if (frame.body().hasRemaining()) {
                throw new ChannelException("a frame with " + frame.body().remaining() + " bytes too many");
            }
            return result;
        } catch (BufferUnderflowException e) {
            throw new ChannelException("a frame that ends too early", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
