package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.net.DeviceStatistics;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.LinkState;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import java.util.Map;

/** RTM_NEWNEIGH of AF_BRIDGE: hardware addresses that devices receive, and where bridges send what (net/core/rtnetlink.c, rtnl_fdb_dump; net/bridge/br_fdb.c). */
final class ForwardingMessages {
    static final int AF_BRIDGE = 7;
    private static final int RTM_NEWNEIGH = 28;
    private static final int NDMSG = 12;
    private static final int NDA_LLADDR = 2, NDA_CACHEINFO = 3, NDA_VLAN = 5, NDA_MASTER = 9, NDA_FLAGS_EXT = 15;
    private static final int NTF_SELF = 2, NTF_EXT_LEARNED = 0x10, NTF_OFFLOADED = 0x20, NTF_STICKY = 0x40;
    private static final int NUD_REACHABLE = 2, NUD_STALE = 4, NUD_NOARP = 0x40, NUD_PERMANENT = 0x80;
    private static final int ARPHRD_ETHER = 1;
    private static final int ETH_ALEN = 6;

    private final NetNamespace net;
    private final Jiffies jiffies;
    private final int only;
    private final int onlyMaster;
    private final NetlinkReply out;

    ForwardingMessages(NetNamespace net, NetlinkRequest request, NetlinkReply out) {
        Map<Integer, byte[]> attributes = request.attributes(NDMSG);
        byte[] master = attributes.get(NDA_MASTER);
        this.net = net;
        this.jiffies = Jiffies.of(net.kernel());
        this.only = request.u32(4);
        this.onlyMaster = master != null && master.length >= 4 ? NetlinkRequest.word(master, 0) : 0;
        this.out = out;
    }

    void answer() {
        for (NetDevice device : NetDevice.byIndex(net)) {
            NetDevice master = LinkState.of(device).master();
            boolean isPort = master != null && master.driver().equals("bridge");
            boolean ofMaster = onlyMaster == 0 || device.index() == onlyMaster || isPort && master.index() == onlyMaster;
            if (!ofMaster || only != 0 && only != device.index()) {
                continue;
            }
            if (isPort) {
                entries(master, device);
            }
            if (device.hardwareType() == ARPHRD_ETHER) {
                addresses(device, "uc");
                addresses(device, "mc");
            }
            if (device.driver().equals("bridge")) {
                entries(device, null);
            }
        }
    }

    /** {@code ndo_dflt_fdb_dump}: what a device receives besides its own address. */
    private void addresses(NetDevice device, String list) {
        for (KObject address : Lists.list(device.device().at(list + ".list"), "netdev_hw_addr", "list")) {
            out.begin(RTM_NEWNEIGH).u8(AF_BRIDGE).u8(0).u16(0).u32(device.index()).u16(NUD_PERMANENT).u8(NTF_SELF).u8(0)
                    .attribute(NDA_LLADDR, Bytes.of(address.at("addr"), ETH_ALEN));
        }
    }

    /** {@code br_fdb_dump}. @param port whose entries; null for the bridge's own */
    private void entries(NetDevice bridge, NetDevice port) {
        KObject data = DeviceStatistics.privateData(bridge, "net_bridge");
        for (KObject entry : Lists.hlist(data.at("fdb_list"), "net_bridge_fdb_entry", "fdb_node")) {
            KObject target = entry.ptr("dst");
            boolean wanted = port == null ? target.isNull() : !target.isNull() && target.get("dev") == port.address();
            if (wanted) {
                write(entry, bridge, data, port == null ? bridge : port);
            }
        }
    }

    private void write(KObject entry, NetDevice bridge, KObject data, NetDevice device) {
        int flags = (flag(entry, "BR_FDB_OFFLOADED") ? NTF_OFFLOADED : 0) | (flag(entry, "BR_FDB_ADDED_BY_EXT_LEARN") ? NTF_EXT_LEARNED : 0)
                | (flag(entry, "BR_FDB_STICKY") ? NTF_STICKY : 0);
        out.begin(RTM_NEWNEIGH).u8(AF_BRIDGE).u8(0).u16(0).u32(device.index()).u16(state(entry, data)).u8(flags).u8(0);
        out.attribute(NDA_LLADDR, Bytes.of(entry.at("key.addr"), ETH_ALEN)).attribute32(NDA_MASTER, bridge.index());
        if (net.kernel().types().enumerator("BR_FDB_LOCKED").isPresent()) {
            out.attribute32(NDA_FLAGS_EXT, flag(entry, "BR_FDB_LOCKED") ? 2 : 0);
        }
        int place = out.nest(NDA_CACHEINFO);
        out.u32(0).u32(age(entry, "used")).u32(age(entry, "updated")).u32(0).end(place);
        if (entry.get("key.vlan_id") != 0) {
            out.attribute16(NDA_VLAN, entry.get("key.vlan_id"));
        }
    }

    /** {@code fdb_to_nud}. */
    private int state(KObject entry, KObject bridge) {
        if (flag(entry, "BR_FDB_LOCAL")) {
            return NUD_PERMANENT;
        }
        if (flag(entry, "BR_FDB_STATIC")) {
            return NUD_NOARP;
        }
        // hold_time: short while the topology changes.
        long hold = bridge.get(bridge.get("topology_change") != 0 ? "forward_delay" : "ageing_time");
        boolean expired = !flag(entry, "BR_FDB_ADDED_BY_EXT_LEARN") && jiffies.now() - entry.get("updated") >= hold;
        return expired ? NUD_STALE : NUD_REACHABLE;
    }

    private long age(KObject entry, String stamp) {
        return jiffies.toClockTicks(jiffies.now() - entry.get(stamp));
    }

    private static boolean flag(KObject entry, String name) {
        var bit = entry.kernel().types().enumerator(name);
        return bit.isPresent() && (entry.get("flags") >>> bit.getAsLong() & 1) != 0;
    }
}
