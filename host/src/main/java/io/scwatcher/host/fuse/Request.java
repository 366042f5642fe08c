package io.scwatcher.host.fuse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** One request of the kernel: {@code struct fuse_in_header} and what follows it. */
final class Request {
    private final ByteBuffer bytes;

    /**
     * @param bytes from position 0 to the limit, exactly one request
     * @throws Malformed if it is shorter than its header says
     */
    Request(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.nativeOrder());
        if (this.bytes.limit() < Protocol.IN_HEADER || this.bytes.getInt(0) != this.bytes.limit()) {
            throw new Malformed();
        }
    }

    int opcode() {
        return bytes.getInt(4);
    }

    /** Names the request in its reply. */
    long unique() {
        return bytes.getLong(8);
    }

    long nodeId() {
        return bytes.getLong(16);
    }

    Caller caller() {
        return new Caller(bytes.getInt(24), bytes.getInt(28), bytes.getInt(32));
    }

    /** A field of the structure behind the header. */
    int int32(int offset) {
        need(offset + 4);
        return bytes.getInt(Protocol.IN_HEADER + offset);
    }

    /** Likewise. */
    long int64(int offset) {
        need(offset + 8);
        return bytes.getLong(Protocol.IN_HEADER + offset);
    }

    /** The NUL-terminated name that is the whole body, one {@code char} for each byte. */
    String name() {
        int length = bytes.limit() - Protocol.IN_HEADER;
        int end = 0;
        while (end < length && bytes.get(Protocol.IN_HEADER + end) != 0) {
            end++;
        }
        if (end == 0 || end == length) {
            throw new Malformed();
        }
        byte[] name = new byte[end];
        bytes.get(Protocol.IN_HEADER, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private void need(int length) {
        if (bytes.limit() - Protocol.IN_HEADER < length) {
            throw new Malformed();
        }
    }

    /** The kernel sent something that is no request of this protocol; answered with EIO. */
    static final class Malformed extends RuntimeException {
        Malformed() {
            super("malformed FUSE request", null, false, false);
        }
    }
}
