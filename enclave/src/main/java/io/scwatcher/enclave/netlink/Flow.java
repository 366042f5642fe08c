package io.scwatcher.enclave.netlink;

import io.scwatcher.os.net.netlink.NetlinkRequest;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.util.Map;

/**
 * Packets whose way is asked for ({@code struct flowi4}, {@code struct flowi6}, include/net/flow.h), as they leave the machine itself.
 *
 * @param destination 4 or 16 bytes in network order; all zero if not given
 * @param source likewise
 * @param device index of the device that they have to leave by, 0 for any
 * @param trafficClass DSCP and ECN bits
 * @param user who sends them
 * @param protocol IPPROTO_*
 */
record Flow(byte[] destination, byte[] source, int device, int mark, int trafficClass, int user, int protocol, int sourcePort, int destinationPort) {
    private static final int RTMSG = 12;
    private static final int RTA_DST = 1, RTA_SRC = 2, RTA_IIF = 3, RTA_OIF = 4, RTA_MARK = 16, RTA_UID = 25, RTA_IP_PROTO = 27, RTA_SPORT = 28, RTA_DPORT = 29;
    private static final int IPPROTO_UDP = 17;

    /** Of an RTM_GETROUTE request. @throws VfsException EOPNOTSUPP for packets that come from elsewhere */
    static Flow of(NetlinkRequest request, int addressLength) {
        Map<Integer, byte[]> attributes = request.attributes(RTMSG);
        if (number(attributes, RTA_IIF, 0) != 0) {
            throw new VfsException(Errno.EOPNOTSUPP);
        }
        byte[] protocol = attributes.get(RTA_IP_PROTO);
        return new Flow(address(attributes, RTA_DST, addressLength), address(attributes, RTA_SRC, addressLength), number(attributes, RTA_OIF, 0),
                number(attributes, RTA_MARK, 0), request.u8(3), number(attributes, RTA_UID, 0), protocol == null || protocol.length == 0 ? IPPROTO_UDP : protocol[0] & 0xff,
                port(attributes.get(RTA_SPORT)), port(attributes.get(RTA_DPORT)));
    }

    Flow from(byte[] address) {
        return new Flow(destination, address, device, mark, trafficClass, user, protocol, sourcePort, destinationPort);
    }

    Flow to(byte[] address) {
        return new Flow(address, source, device, mark, trafficClass, user, protocol, sourcePort, destinationPort);
    }

    Flow by(int index) {
        return new Flow(destination, source, index, mark, trafficClass, user, protocol, sourcePort, destinationPort);
    }

    /** Whether the first bits of an address are those of a prefix. */
    static boolean isWithin(byte[] address, byte[] prefix, int bits) {
        for (int i = 0; i < bits; i += Byte.SIZE) {
            int mask = 0xff << Math.max(0, Byte.SIZE - (bits - i));
            if (i / Byte.SIZE >= address.length || ((address[i / Byte.SIZE] ^ prefix[i / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] address(Map<Integer, byte[]> attributes, int type, int length) {
        byte[] given = attributes.get(type);
        if (given != null && given.length < length) {
            throw new VfsException(Errno.EINVAL);
        }
        return given == null ? new byte[length] : java.util.Arrays.copyOf(given, length);
    }

    private static int number(Map<Integer, byte[]> attributes, int type, int otherwise) {
        byte[] given = attributes.get(type);
        return given != null && given.length >= 4 ? NetlinkRequest.word(given, 0) : otherwise;
    }

    private static int port(byte[] given) {
        return given == null || given.length < 2 ? 0 : (given[0] & 0xff) << 8 | given[1] & 0xff;
    }
}
