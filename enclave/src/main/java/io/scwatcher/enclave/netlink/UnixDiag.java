package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.HashedSock;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.Sock;
import io.scwatcher.kernel.net.UnixSock;
import io.scwatcher.kernel.net.UnixSockets;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;

/** Unix sockets (net/unix/diag.c; include/uapi/linux/unix_diag.h). */
final class UnixDiag {
    private static final int SHOW_NAME = 0x1;
    private static final int SHOW_VFS = 0x2;
    private static final int SHOW_PEER = 0x4;
    private static final int SHOW_ICONS = 0x8;
    private static final int SHOW_RQLEN = 0x10;
    private static final int SHOW_MEMINFO = 0x20;
    private static final int SHOW_UID = 0x40;
    private static final int NAME = 0;
    private static final int VFS = 1;
    private static final int PEER = 2;
    private static final int ICONS = 3;
    private static final int RQLEN = 4;
    private static final int MEMINFO = 5;
    private static final int SHUTDOWN = 6;
    private static final int UID = 7;
    private static final int MAX_QUEUE = 1 << 16;
    private static final int SOCK_DGRAM = 2;

    private final NetlinkRequest request;
    private final NetlinkReply out;
    private final int show;

    UnixDiag(NetlinkRequest request, NetlinkReply out) {
        this.request = request;
        this.out = out;
        this.show = request.u32(12);
    }

    void answer(NetNamespace net) {
        for (HashedSock each : UnixSockets.of(net)) {
            long inode = new Sock(each.sock()).inode();
            // Nobody has accepted what has no inode yet (sk_diag_dump).
            boolean wanted = request.isDump() ? inode != 0 && (request.u32(4) & 1 << each.state()) != 0 : inode == request.u32(8);
            if (wanted) {
                socket(new UnixSock(each.sock()));
            }
        }
    }

    private void socket(UnixSock sock) {
        out.begin(request.type()).u8(1).u8(sock.type()).u8(sock.state()).u8(0).u32(sock.inode());
        SocketAttributes.cookie(out, sock.object());
        byte[] name = sock.name();
        if ((show & SHOW_NAME) != 0 && name != null) {
            out.attribute(NAME, name);
        }
        KObject dentry = sock.object().as("unix_sock").ptr("path.dentry");
        if ((show & SHOW_VFS) != 0 && !dentry.isNull()) {
            int place = out.nest(VFS);
            out.u32(dentry.ptr("d_inode").get("i_ino")).u32(dentry.ptr("d_sb").get("s_dev"));
            out.end(place);
        }
        UnixSock peer = sock.peer();
        if ((show & SHOW_PEER) != 0 && peer != null) {
            out.attribute32(PEER, peer.inode());
        }
        if ((show & SHOW_ICONS) != 0 && sock.state() == Sock.TCP_LISTEN) {
            waiting(sock);
        }
        if ((show & SHOW_RQLEN) != 0) {
            lengths(sock);
        }
        if ((show & SHOW_MEMINFO) != 0) {
            SocketAttributes.memory(out, MEMINFO, sock);
        }
        out.attribute8(SHUTDOWN, sock.object().get("sk_shutdown"));
        if ((show & SHOW_UID) != 0) {
            out.attribute32(UID, sock.uid());
        }
    }

    /** The inodes of those who wait to be accepted. */
    private void waiting(UnixSock sock) {
        int place = out.nest(ICONS);
        eachReceived(sock, packet -> {
            KObject embryo = packet.ptr("sk");
            UnixSock other = embryo.isNull() ? null : new UnixSock(embryo.as("sock")).peer();
            out.u32(other == null ? 0 : other.inode());
            return true;
        });
        out.end(place);
    }

    private void lengths(UnixSock sock) {
        KObject object = sock.object();
        int place = out.nest(RQLEN);
        if (sock.state() == Sock.TCP_LISTEN) {
            out.u32(object.get("sk_receive_queue.qlen")).u32(object.get("sk_max_ack_backlog"));
        } else {
            long[] bytes = {0};
            // A datagram socket tells of its first packet, the others of all (net/unix/af_unix.c, unix_inq_len).
            eachReceived(sock, packet -> {
                bytes[0] += packet.get("len");
                return sock.type() != SOCK_DGRAM;
            });
            out.u32(bytes[0]).u32(sock.transmitQueue());
        }
        out.end(place);
    }

    private interface Received {
        /** Whether to go on. */
        boolean packet(KObject packet);
    }

    private static void eachReceived(UnixSock sock, Received received) {
        KObject queue = sock.object().at("sk_receive_queue");
        KObject packet = queue.kernel().at(queue.get("next"), "sk_buff");
        for (int i = 0; packet.address() != queue.address() && !packet.isNull(); i++) {
            if (i == MAX_QUEUE) {
                queue.kernel().anomalies().record("the receive queue of a Unix socket has no end");
                return;
            }
            if (!received.packet(packet)) {
                return;
            }
            packet = queue.kernel().at(packet.get("next"), "sk_buff");
        }
    }
}
