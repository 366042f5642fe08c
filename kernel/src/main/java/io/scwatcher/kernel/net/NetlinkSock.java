package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/** A netlink socket: {@code struct netlink_sock} (net/netlink/af_netlink.h). */
public final class NetlinkSock extends Sock {
    private static final int MAX_LINKS = 32;

    private final KObject netlink;

    public NetlinkSock(KObject sock) {
        super(sock);
        this.netlink = sock.as("netlink_sock");
    }

    /** A namespace's netlink sockets in the order of /proc/net/netlink: by protocol, then as they are hashed. */
    public static List<NetlinkSock> of(NetNamespace net) {
        return of(net, false);
    }

    /**
     * Likewise, as {@code __netlink_diag_dump} gives them (net/netlink/diag.c): after those of each protocol, once more those that have joined a
     * multicast group, which the kernel believes not to be hashed.
     */
    public static List<NetlinkSock> dumped(NetNamespace net) {
        return of(net, true);
    }

    private static List<NetlinkSock> of(NetNamespace net, boolean twice) {
        Kernel kernel = net.kernel();
        long tables = kernel.memory().u64(kernel.address("nl_table"));
        KObject table = kernel.at(tables, "netlink_table");
        List<NetlinkSock> sockets = new ArrayList<>();
        for (int link = 0; link < MAX_LINKS; link++) {
            for (long address : Rhashtable.objects(table.index(link).at("hash"))) {
                NetlinkSock socket = new NetlinkSock(kernel.at(address, "sock"));
                if (socket.net() == net.address()) {
                    sockets.add(socket);
                }
            }
            Iterable<KObject> listening = twice ? Lists.hlist(table.index(link).at("mc_list"), "sock", "__sk_common.skc_bind_node") : List.of();
            for (KObject sock : listening) {
                NetlinkSock socket = new NetlinkSock(sock);
                if (socket.net() == net.address() && sock.get("__sk_common.skc_node.pprev") == 0) {
                    sockets.add(socket);
                }
            }
        }
        return sockets;
    }

    public long portId() {
        return netlink.get("portid");
    }

    /** The first 32 multicast groups as a mask. */
    public long groups() {
        long groups = netlink.get("groups");
        return groups == 0 ? 0 : kernel().memory().u32(groups);
    }

    /** Whether a dump is going on. */
    public boolean isDumping() {
        if (netlink.has("cb_running")) {
            return netlink.get("cb_running") != 0;
        }
        long bit = kernel().types().enumerator("NETLINK_F_CB_RUNNING").orElse(-1);
        return bit >= 0 && (netlink.get("flags") >>> bit & 1) != 0;
    }
}
