package io.scwatcher.os.net.netlink;

import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * One message from a program ({@code struct nlmsghdr} and what follows; include/uapi/linux/netlink.h).
 *
 * @param type {@code nlmsg_type}
 * @param flags {@code nlmsg_flags}
 * @param sequence {@code nlmsg_seq}
 * @param portId of the socket that it came by
 * @param payload what follows the header
 */
public record NetlinkRequest(int type, int flags, int sequence, int portId, byte[] payload) {
    public static final int NLM_F_ACK = 0x4;
    public static final int NLM_F_ECHO = 0x8;
    /** NLM_F_ROOT and NLM_F_MATCH. */
    public static final int NLM_F_DUMP = 0x300;

    private static final int TYPE_MASK = 0x3fff;

    public boolean isDump() {
        return (flags & NLM_F_DUMP) == NLM_F_DUMP;
    }

    /** A byte of the payload, 0 behind its end. */
    public int u8(int offset) {
        return offset < payload.length ? payload[offset] & 0xff : 0;
    }

    /** A 32-bit word of the payload in the machine's order, 0 behind its end. */
    public int u32(int offset) {
        return offset + 4 <= payload.length ? word(payload, offset) : 0;
    }

    /**
     * The attributes that follow a fixed part of the given length, by type; of several with one type the last, as {@code nla_parse} has it.
     *
     * @throws VfsException EINVAL if one reaches behind the end
     */
    public Map<Integer, byte[]> attributes(int fixed) {
        Map<Integer, byte[]> found = new HashMap<>();
        ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = fixed; at + 4 <= payload.length; ) {
            int length = in.getShort(at) & 0xffff;
            if (length < 4 || at + length > payload.length) {
                throw new VfsException(Errno.EINVAL);
            }
            byte[] value = new byte[length - 4];
            in.get(at + 4, value);
            found.put(in.getShort(at + 2) & TYPE_MASK, value);
            at += length + 3 & ~3;
        }
        return found;
    }

    /** A 32-bit word in the machine's order. */
    public static int word(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
    }
}
