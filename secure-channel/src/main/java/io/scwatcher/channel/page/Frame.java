package io.scwatcher.channel.page;

import io.scwatcher.channel.ChannelException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message of the page protocol. On the wire, big endian: the length of all that follows (32 bits), the type (8 bits), the request's number (32 bits), the body.
 *
 * @param type what the body means; an answer has its request's type, or {@link Type#REFUSED}
 * @param request the request's number, which its answer repeats
 * @param body from position to limit
 */
record Frame(Type type, int request, ByteBuffer body) {
    /** The largest frame: an answer to the largest {@code READ}. */
    static final int MAX_LENGTH = 5 << 20;
    /** Ranges of one {@code READ}. */
    static final int MAX_RANGES = 1024;
    /** Bytes of all ranges of one {@code READ}. */
    static final int MAX_BYTES = 4 << 20;
    /** Ranges in a description or in an answer to {@code POPULATED}; what is more is merged by the sender. */
    static final int MAX_MAP = 65_536;
    /** Bytes of a text. */
    static final int MAX_TEXT = 4096;
    /** Bytes of type and number. */
    static final int HEADER = 5;

    /** What is asked. The order is the wire's. */
    enum Type {
        /** Nothing → the VM ({@link VmDescription}). */
        DESCRIBE,
        /** Kind, lease in ms → number, VM's identity, lease granted in ms. */
        OPEN_EPOCH,
        /** Number, lease in ms → lease granted in ms. */
        RENEW_LEASE,
        /** Number → nothing. */
        CLOSE_EPOCH,
        /** Number, count, then address and length of each range → number, then the content of each (see {@link SparseContent}). */
        READ,
        /** Range → count, then the populated ranges. */
        POPULATED,
        /** As an answer: why not (a {@link Refusal} and a text). */
        REFUSED;

        private static final Type[] VALUES = values();

        static Type of(int code) throws ChannelException {
            if (code < 0 || code >= VALUES.length) {
                throw new ChannelException("a frame of an unknown type (" + code + ")");
            }
            return VALUES[code];
        }
    }

    /** Why a request was refused. The order is the wire's. */
    enum Refusal {
        /** The request breaks the protocol. The connection ends. */
        MALFORMED,
        /** The lease of this epoch has ended, or it was never opened. */
        NO_SUCH_EPOCH,
        /** The VM cannot be paused. */
        CANNOT_PAUSE,
        /** Too many epochs. */
        LIMIT,
        /** The VM is gone or its memory cannot be read. */
        SOURCE_FAILED;

        private static final Refusal[] VALUES = values();

        static Refusal of(int code) throws ChannelException {
            if (code < 0 || code >= VALUES.length) {
                throw new ChannelException("a refusal of an unknown kind (" + code + ")");
            }
            return VALUES[code];
        }
    }

    static void putText(ByteBuffer to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MAX_TEXT);
        to.putShort((short) length).put(bytes, 0, length);
    }

    static String text(ByteBuffer from) throws ChannelException {
        byte[] bytes = bytes(from, Short.toUnsignedInt(from.getShort()), MAX_TEXT);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The next {@code length} bytes of a body, if they are there and no more than {@code limit}. */
    static byte[] bytes(ByteBuffer from, int length, int limit) throws ChannelException {
        if (length < 0 || length > limit || length > from.remaining()) {
            throw new ChannelException("a frame with a field of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    /** A count of things of {@code size} bytes each that must all be in the body. */
    static int count(ByteBuffer from, int size, int limit) throws ChannelException {
        int count = from.getInt();
        if (count < 0 || count > limit || (long) count * size > from.remaining()) {
            throw new ChannelException("a frame with a count of " + count);
        }
        return count;
    }
}
