package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.NetlinkSock;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;

/** Netlink sockets (net/netlink/diag.c; include/uapi/linux/netlink_diag.h). */
final class NetlinkDiag {
    private static final int AF_NETLINK = 16;
    private static final int ALL_PROTOCOLS = 255;
    private static final int SHOW_MEMINFO = 0x1;
    private static final int SHOW_GROUPS = 0x2;
    private static final int MEMINFO = 0;
    private static final int GROUPS = 1;
    private static final int MAX_GROUPS = 1 << 16;

    private final NetlinkRequest request;
    private final NetlinkReply out;
    private final int show;

    NetlinkDiag(NetlinkRequest request, NetlinkReply out) {
        this.request = request;
        this.out = out;
        this.show = request.u32(8);
    }

    void answer(NetNamespace net) {
        for (NetlinkSock sock : NetlinkSock.dumped(net)) {
            if (request.u8(1) == ALL_PROTOCOLS || request.u8(1) == sock.protocol()) {
                socket(sock);
            }
        }
    }

    private void socket(NetlinkSock sock) {
        KObject netlink = sock.object().as("netlink_sock");
        out.begin(request.type()).u8(AF_NETLINK).u8(sock.type()).u8(sock.protocol()).u8(sock.state()).u32(sock.portId())
                .u32(netlink.get("dst_portid")).u32(netlink.get("dst_group")).u32(sock.inode());
        SocketAttributes.cookie(out, sock.object());
        if ((show & SHOW_MEMINFO) != 0) {
            SocketAttributes.memory(out, MEMINFO, sock);
        }
        long groups = netlink.get("groups");
        long count = netlink.get("ngroups");
        if ((show & SHOW_GROUPS) != 0 && groups != 0 && count > 0 && count <= MAX_GROUPS) {
            // Whole words, as the kernel keeps them.
            byte[] mask = new byte[(int) (count + 63) / 64 * 8];
            netlink.memory().read(groups, mask, 0, mask.length);
            out.attribute(GROUPS, mask);
        }
    }
}
