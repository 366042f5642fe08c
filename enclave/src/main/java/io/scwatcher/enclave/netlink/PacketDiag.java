package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.PacketSock;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;

/** Packet sockets (net/packet/diag.c; include/uapi/linux/packet_diag.h). */
final class PacketDiag {
    private static final int AF_PACKET = 17;
    private static final int SHOW_INFO = 0x1;
    private static final int SHOW_MEMINFO = 0x10;
    private static final int INFO = 0;
    private static final int UID = 5;
    private static final int MEMINFO = 6;

    private final NetlinkRequest request;
    private final NetlinkReply out;
    private final int show;

    PacketDiag(NetlinkRequest request, NetlinkReply out) {
        this.request = request;
        this.out = out;
        this.show = request.u32(8);
    }

    void answer(NetNamespace net) {
        for (PacketSock sock : PacketSock.of(net)) {
            KObject packet = sock.object().as("packet_sock");
            out.begin(request.type()).u8(AF_PACKET).u8(sock.type()).u16(sock.protocolNumber()).u32(sock.inode());
            SocketAttributes.cookie(out, sock.object());
            if ((show & SHOW_INFO) != 0) {
                int place = out.nest(INFO);
                out.u32(sock.interfaceIndex()).u32(packet.get("tp_version")).u32(packet.get("tp_reserve")).u32(packet.getOr("copy_thresh", 0))
                        .u32(packet.get("tp_tstamp")).u32(0);
                out.end(place);
                out.attribute32(UID, sock.uid());
            }
            if ((show & SHOW_MEMINFO) != 0) {
                SocketAttributes.memory(out, MEMINFO, sock);
            }
        }
    }
}
