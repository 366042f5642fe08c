package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.NeighbourTable;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import java.util.Map;

/** RTM_NEWNEIGH: hardware addresses of neighbours (net/core/neighbour.c, neigh_fill_info, pneigh_fill_info). */
final class NeighbourMessages {
    private static final int RTM_NEWNEIGH = 28;
    private static final int NDMSG = 12;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int NDA_CACHEINFO = 3;
    private static final int NDA_PROBES = 4;
    private static final int NDA_IFINDEX = 8;
    private static final int NDA_PROTOCOL = 12;
    private static final int NTF_PROXY = 0x08;
    private static final int NUD_VALID = 0x80 | 0x40 | 0x02 | 0x04 | 0x08 | 0x10;
    private static final int RTN_UNICAST = 1;

    private final NetNamespace net;
    private final Jiffies jiffies;

    NeighbourMessages(NetNamespace net) {
        this.net = net;
        this.jiffies = Jiffies.of(net.kernel());
    }

    void answer(NetlinkRequest request, NetlinkReply reply) {
        Map<Integer, byte[]> attributes = request.attributes(NDMSG);
        byte[] filter = attributes.get(NDA_IFINDEX);
        int index = filter != null && filter.length >= 4 ? NetlinkRequest.word(filter, 0) : 0;
        boolean proxies = (request.u8(10) & NTF_PROXY) != 0;
        if (RouteNetlink.wants(request, RouteNetlink.AF_INET)) {
            table(NeighbourTable.arp(net.kernel()), RouteNetlink.AF_INET, proxies, index, reply);
        }
        if (RouteNetlink.wants(request, RouteNetlink.AF_INET6) && net.kernel().symbols().has("nd_tbl")) {
            table(NeighbourTable.ndisc(net.kernel()), RouteNetlink.AF_INET6, proxies, index, reply);
        }
    }

    private void table(NeighbourTable table, int family, boolean proxies, int index, NetlinkReply out) {
        int keyLength = family == RouteNetlink.AF_INET ? 4 : 16;
        for (KObject entry : proxies ? table.proxies(net) : table.neighbours(net)) {
            NetDevice device = NetDevice.of(entry.ptr("dev"));
            if (index != 0 && (device == null || device.index() != index)) {
                continue;
            }
            out.begin(RTM_NEWNEIGH).u8(family).u8(0).u16(0).u32(device == null ? 0 : device.index());
            if (proxies) {
                out.u16(0).u8(entry.get("flags") | NTF_PROXY).u8(RTN_UNICAST).attribute(NDA_DST, Bytes.of(entry.at("key"), keyLength));
            } else {
                neighbour(entry, device, keyLength, out);
            }
            if (entry.getOr("protocol", 0) != 0) {
                out.attribute8(NDA_PROTOCOL, entry.get("protocol"));
            }
        }
    }

    private void neighbour(KObject entry, NetDevice device, int keyLength, NetlinkReply out) {
        int state = entry.getInt("nud_state");
        out.u16(state).u8(entry.get("flags")).u8(entry.get("type")).attribute(NDA_DST, Bytes.of(entry.at("primary_key"), keyLength));
        if ((state & NUD_VALID) != 0 && device != null) {
            out.attribute(NDA_LLADDR, Bytes.of(entry.at("ha"), device.addressLength()));
        }
        int place = out.nest(NDA_CACHEINFO);
        out.u32(age(entry, "confirmed")).u32(age(entry, "used")).u32(age(entry, "updated")).u32(entry.getInt("refcnt.refs.counter") - 1);
        out.end(place);
        out.attribute32(NDA_PROBES, entry.get("probes.counter"));
    }

    private long age(KObject entry, String stamp) {
        return jiffies.toClockTicks(jiffies.now() - entry.get(stamp));
    }
}
