package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/** A packet socket: {@code struct packet_sock} (net/packet/internal.h), which lies in a module on some kernels. */
public final class PacketSock extends Sock {
    private static final int FLAG_RUNNING = 4;
    private static final int MAX_SOCKETS = 1 << 20;

    private final KObject packet;

    public PacketSock(KObject sock) {
        super(sock);
        this.packet = sock.as("packet_sock");
    }

    /** The namespace's packet sockets in the order of /proc/net/packet. */
    public static List<PacketSock> of(NetNamespace net) {
        List<PacketSock> sockets = new ArrayList<>();
        var open = Lists.hlist(net.net().at("packet.sklist"), "sock", "__sk_common.skc_node");
        for (KObject sock : Limited.list(open, MAX_SOCKETS, "packet sockets")) {
            sockets.add(new PacketSock(sock));
        }
        return sockets;
    }

    /** The Ethernet protocol it receives, in host order. */
    public int protocolNumber() {
        return InetSock.networkToHost(packet.getInt("num"));
    }

    /** The device it is bound to; 0 for all, -1 for one that is gone. */
    public int interfaceIndex() {
        return packet.getInt("ifindex");
    }

    /** Whether it is attached: a bit-field until 6.3, then a flag ({@code PACKET_SOCK_RUNNING}). */
    public boolean isRunning() {
        if (packet.has("running")) {
            return packet.get("running") != 0;
        }
        long bit = kernel().types().enumerator("PACKET_SOCK_RUNNING").orElse(FLAG_RUNNING);
        return (packet.get("flags") >>> bit & 1) != 0;
    }
}
