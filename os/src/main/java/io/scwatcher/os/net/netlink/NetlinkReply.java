package io.scwatcher.os.net.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The messages of an answer in the making: numbers in the machine's order, everything aligned to four bytes (include/uapi/linux/netlink.h).
 * {@link #begin} starts a message and ends the one before.
 */
public final class NetlinkReply {
    public static final int NLM_F_MULTI = 0x2;
    public static final int HEADER = 16;

    private final NetlinkRequest request;
    private final List<byte[]> messages = new ArrayList<>();
    private ByteBuffer message;

    public NetlinkReply(NetlinkRequest request) {
        this.request = request;
    }

    /** Starts a message of that type. */
    public NetlinkReply begin(int type) {
        finish();
        message = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(0).putShort((short) type).putShort((short) (request.isDump() ? NLM_F_MULTI : 0));
        message.putInt(request.sequence()).putInt(request.portId());
        return this;
    }

    /** Takes back the message that was begun last. */
    public void cancel() {
        message = null;
    }

    public NetlinkReply u8(long value) {
        room(1).put((byte) value);
        return this;
    }

    public NetlinkReply u16(long value) {
        room(2).putShort((short) value);
        return this;
    }

    public NetlinkReply u32(long value) {
        room(4).putInt((int) value);
        return this;
    }

    public NetlinkReply u64(long value) {
        room(8).putLong(value);
        return this;
    }

    public NetlinkReply bytes(byte[] value) {
        room(value.length).put(value);
        return this;
    }

    /** A 16-bit number in network order. */
    public NetlinkReply be16(long value) {
        return u8(value >>> 8).u8(value);
    }

    public NetlinkReply attribute(int type, byte[] value) {
        u16(value.length + 4).u16(type).bytes(value);
        return align();
    }

    public NetlinkReply attribute8(int type, long value) {
        return attribute(type, new byte[] {(byte) value});
    }

    public NetlinkReply attribute16(int type, long value) {
        u16(6).u16(type).u16(value);
        return align();
    }

    public NetlinkReply attribute64(int type, long value) {
        u16(12).u16(type).u64(value);
        return this;
    }

    public NetlinkReply attribute32(int type, long value) {
        u16(8).u16(type).u32(value);
        return this;
    }

    /** A text, one byte for each {@code char}, with its final NUL. */
    public NetlinkReply attribute(int type, String text) {
        return attribute(type, (text + '\0').getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Starts an attribute whose value is written next; {@link #end} ends it. Returns its place. */
    public int nest(int type) {
        align();
        int place = message.position();
        u16(0).u16(type);
        return place;
    }

    /** Changes the type of an attribute that {@link #nest} started: the second half of its header. */
    public void retype(int place, int type) {
        message.putShort(place + 2, (short) type);
    }

    /** Ends an attribute that {@link #nest} started. */
    public NetlinkReply end(int place) {
        message.putShort(place, (short) (message.position() - place));
        return align();
    }

    /** Takes back an attribute that {@link #nest} started, and all that was written since. */
    public void drop(int place) {
        message.position(place);
    }

    /** The messages so far, each with its header, without padding at the end. */
    public List<byte[]> messages() {
        finish();
        return messages;
    }

    private NetlinkReply align() {
        while ((message.position() & 3) != 0) {
            u8(0);
        }
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (message.remaining() < bytes) {
            byte[] grown = Arrays.copyOf(message.array(), Math.max(message.capacity() * 2, message.position() + bytes));
            message = ByteBuffer.wrap(grown).order(ByteOrder.LITTLE_ENDIAN).position(message.position());
        }
        return message;
    }

    private void finish() {
        if (message != null) {
            message.putInt(0, message.position());
            messages.add(Arrays.copyOf(message.array(), message.position()));
            message = null;
        }
    }
}
