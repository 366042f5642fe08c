package io.scwatcher.os.net.netlink;

import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;

/** NETLINK_ROUTE of a system that has only the loopback device (net/core/rtnetlink.c). */
public final class LoopbackRoute implements NetlinkFamily {
    private static final int AF_INET = 2, AF_INET6 = 10;
    private static final int RTM_NEWLINK = 16, RTM_GETLINK = 18, RTM_NEWADDR = 20, RTM_GETADDR = 22, RTM_GETROUTE = 26, RTM_GETNEIGH = 30, RTM_GETRULE = 34;
    /** Of each group of four message types NEW, DEL, GET, SET, only GET leaves the system as it is. */
    private static final int KIND_MASK = 3, KIND_GET = 2;
    private static final int ARPHRD_LOOPBACK = 772;
    /** IFF_UP, IFF_LOOPBACK, IFF_RUNNING, IFF_LOWER_UP. */
    private static final int FLAGS = 0x10049;
    private static final int IFLA_ADDRESS = 1, IFLA_BROADCAST = 2, IFLA_IFNAME = 3, IFLA_MTU = 4, IFLA_QDISC = 6, IFLA_TXQLEN = 13, IFLA_OPERSTATE = 16,
            IFLA_LINKMODE = 17, IFLA_GROUP = 27, IFLA_PROMISCUITY = 30, IFLA_NUM_TX_QUEUES = 31, IFLA_NUM_RX_QUEUES = 32;
    private static final int IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_LABEL = 3, IFA_FLAGS = 8, IFA_F_PERMANENT = 0x80, RT_SCOPE_HOST = 254;

    @Override
    public void answer(NetlinkRequest request, NetlinkReply reply) {
        if (request.type() >= RTM_NEWLINK && (request.type() & KIND_MASK) != KIND_GET) {
            throw new VfsException(Errno.EPERM);
        }
        switch (request.type()) {
            case RTM_GETLINK -> link(request, reply);
            case RTM_GETADDR -> {
                address(request, reply, AF_INET, 8, new byte[] {127, 0, 0, 1});
                byte[] one = new byte[16];
                one[15] = 1;
                address(request, reply, AF_INET6, 128, one);
            }
            case RTM_GETROUTE, RTM_GETNEIGH, RTM_GETRULE -> {
                if (!request.isDump()) {
                    throw new VfsException(request.type() == RTM_GETROUTE ? Errno.ENETUNREACH : Errno.ENOENT);
                }
            }
            default -> throw new VfsException(Errno.EOPNOTSUPP);
        }
    }

    private static void link(NetlinkRequest request, NetlinkReply reply) {
        int index = request.u32(4);
        byte[] name = request.attributes(16).get(IFLA_IFNAME);
        boolean named = name == null || new String(name, java.nio.charset.StandardCharsets.ISO_8859_1).equals("lo\0");
        if (!request.isDump() && (index > 1 || !named)) {
            throw new VfsException(Errno.ENODEV);
        }
        reply.begin(RTM_NEWLINK).u8(0).u8(0).u16(ARPHRD_LOOPBACK).u32(1).u32(FLAGS).u32(0);
        reply.attribute(IFLA_IFNAME, "lo").attribute32(IFLA_TXQLEN, 1000).attribute8(IFLA_OPERSTATE, 0).attribute8(IFLA_LINKMODE, 0)
                .attribute32(IFLA_MTU, 65536).attribute32(IFLA_GROUP, 0).attribute32(IFLA_PROMISCUITY, 0).attribute32(IFLA_NUM_TX_QUEUES, 1)
                .attribute32(IFLA_NUM_RX_QUEUES, 1).attribute(IFLA_QDISC, "noqueue").attribute(IFLA_ADDRESS, new byte[6]).attribute(IFLA_BROADCAST, new byte[6]);
    }

    private static void address(NetlinkRequest request, NetlinkReply reply, int family, int prefix, byte[] address) {
        if (request.u8(0) != 0 && request.u8(0) != family) {
            return;
        }
        reply.begin(RTM_NEWADDR).u8(family).u8(prefix).u8(IFA_F_PERMANENT).u8(RT_SCOPE_HOST).u32(1).attribute(IFA_ADDRESS, address);
        if (family == AF_INET) {
            reply.attribute(IFA_LOCAL, address).attribute(IFA_LABEL, "lo");
        }
        reply.attribute32(IFA_FLAGS, IFA_F_PERMANENT);
    }
}
