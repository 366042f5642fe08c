package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.Fib6Route;
import io.scwatcher.kernel.net.FibRoute;
import io.scwatcher.kernel.net.FibTable;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import java.util.Map;

/**
 * RTM_NEWROUTE: IPv4 and IPv6 routes (net/ipv4/fib_semantics.c, fib_dump_info; net/ipv6/route.c, rt6_fill_node;
 * include/uapi/linux/rtnetlink.h).
 */
final class RouteMessages {
    static final int RTM_NEWROUTE = 24;
    private static final int RTMSG = 12;
    static final int RTA_DST = 1;
    static final int RTA_SRC = 2;
    static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    static final int RTA_PRIORITY = 6;
    static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_CACHEINFO = 12;
    static final int RTA_TABLE = 15;
    static final int RTA_MARK = 16;
    private static final int RTA_VIA = 18;
    static final int RTA_PREF = 20;
    static final int RTA_UID = 25;
    private static final int RTA_NH_ID = 30;
    private static final int RTAX_MAX = 17;
    private static final int RTF_EXPIRES = 0x0040_0000;
    private static final int RTF_PREF_SHIFT = 27;
    private static final int MAX_NEXT_HOPS = 1 << 12;
    /** Flags of a next hop that dumps show: dead, pervasive, onlink, offload, link down, unresolved, trap. */
    private static final int RTNH_COMPARE_MASK = 0x7f;

    private final NetNamespace net;
    private final Jiffies jiffies;

    RouteMessages(NetNamespace net) {
        this.net = net;
        this.jiffies = Jiffies.of(net.kernel());
    }

    void answer(NetlinkRequest request, NetlinkReply reply) {
        Map<Integer, byte[]> attributes = request.attributes(RTMSG);
        byte[] filter = attributes.get(RTA_TABLE);
        int table = filter != null && filter.length >= 4 ? NetlinkRequest.word(filter, 0) : request.u8(4);
        if (RouteNetlink.wants(request, RouteNetlink.AF_INET)) {
            ipv4(table, reply);
        }
        if (RouteNetlink.wants(request, RouteNetlink.AF_INET6)) {
            long nowhere = net.net().get("ipv6.fib6_null_entry");
            for (Fib6Route route : Fib6Route.all(net)) {
                if (route.info().address() == nowhere) {
                    continue;
                }
                int own = route.info().ptr("fib6_table").getInt("tb6_id");
                if (table == 0 || table == own) {
                    ipv6(route, own, reply);
                }
            }
        }
    }

    private void ipv4(int wanted, NetlinkReply reply) {
        for (FibTable table : FibTable.all(net)) {
            if (wanted != 0 && table.number() != wanted) {
                continue;
            }
            for (FibTable.Node node : table.nodes()) {
                if (node.isLeaf()) {
                    // The local and the main table may share one trie.
                    node.routes().stream().filter(route -> route.table() == table.number() && !route.info().isNull())
                            .forEach(route -> ipv4(Integer.reverseBytes((int) node.key()), route, reply));
                }
            }
        }
    }

    /** The route that decided over a destination, as a dump has it. */
    static void writeMatch(FibRoute route, byte[] destination, int table, NetlinkReply out) {
        byte[] prefix = destination.clone();
        for (int bit = route.prefixLength(); bit < 32; bit++) {
            prefix[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        ipv4(NetlinkRequest.word(prefix, 0), route, table, out);
    }

    private static void ipv4(int destination, FibRoute route, NetlinkReply out) {
        ipv4(destination, route, route.table(), out);
    }

    private static void ipv4(int destination, FibRoute route, int table, NetlinkReply out) {
        KObject info = route.info();
        KObject hop = route.nextHop();
        int hops = info.has("nh") && !info.ptr("nh").isNull() ? 1 : Math.clamp(info.getInt("fib_nhs"), 0, MAX_NEXT_HOPS);
        header(out, RouteNetlink.AF_INET, route.prefixLength(), 0, route.typeOfService(), table, info.get("fib_protocol"), route.scope(), route.type(),
                hops <= 1 ? hop.get("nhc_flags") & RTNH_COMPARE_MASK : 0);
        out.attribute32(RTA_TABLE, table);
        if (route.prefixLength() != 0) {
            out.attribute32(RTA_DST, destination);
        }
        if (route.priority() != 0) {
            out.attribute32(RTA_PRIORITY, route.priority());
        }
        metrics(out, info.ptr("fib_metrics"));
        if (info.get("fib_prefsrc") != 0) {
            out.attribute32(RTA_PREFSRC, info.get("fib_prefsrc"));
        }
        nextHopId(out, info);
        if (hops <= 1) {
            nextHop(out, hop);
            return;
        }
        int place = out.nest(RTA_MULTIPATH);
        for (int i = 0; i < hops; i++) {
            path(out, info.at("fib_nh").index(i).at("nh_common"));
        }
        out.end(place);
    }

    /** Likewise of IPv6. */
    void writeMatch(Fib6Route route, NetlinkReply out) {
        ipv6(route, route.info().ptr("fib6_table").getInt("tb6_id"), out);
    }

    private void ipv6(Fib6Route route, int table, NetlinkReply out) {
        KObject info = route.info();
        KObject hop = route.nextHop();
        long flags = info.get("fib6_flags");
        long sourceLength = route.source() == null ? 0 : route.source().get("plen");
        header(out, RouteNetlink.AF_INET6, route.destination().get("plen"), sourceLength, 0, table, info.get("fib6_protocol"), 0, info.get("fib6_type"),
                hop.get("nhc_flags") & RTNH_COMPARE_MASK);
        out.attribute32(RTA_TABLE, table);
        if (route.destination().get("plen") != 0) {
            out.attribute(RTA_DST, Bytes.of(route.destination().at("addr"), 16));
        }
        if (sourceLength != 0) {
            out.attribute(RTA_SRC, Bytes.of(route.source().at("addr"), 16));
        }
        byte[] preferred = Bytes.of(info.at("fib6_prefsrc.addr"), 16);
        if (info.get("fib6_prefsrc.plen") != 0) {
            out.attribute(RTA_PREFSRC, preferred);
        }
        metrics(out, info.ptr("fib6_metrics"));
        out.attribute32(RTA_PRIORITY, info.get("fib6_metric"));
        nextHopId(out, info);
        nextHop(out, hop);
        cacheInformation(out, (flags & RTF_EXPIRES) != 0 ? jiffies.toClockTicks(info.get("expires") - jiffies.now()) : 0);
        out.attribute8(RTA_PREF, flags >>> RTF_PREF_SHIFT & 3);
    }

    /** {@code struct rta_cacheinfo}. @param expires in clock ticks, 0 for never */
    static void cacheInformation(NetlinkReply out, long expires) {
        int place = out.nest(RTA_CACHEINFO);
        out.u32(0).u32(0).u32(expires).u32(0).u32(0).u32(0).u32(0).u32(0);
        out.end(place);
    }

    private static void header(NetlinkReply out, int family, long length, long sourceLength, long tos, int table, long protocol, long scope, long type,
                               long flags) {
        out.begin(RTM_NEWROUTE).u8(family).u8(length).u8(sourceLength).u8(tos).u8(Integer.compareUnsigned(table, 256) < 0 ? table : 252).u8(protocol)
                .u8(scope).u8(type).u32(flags);
    }

    private static void nextHopId(NetlinkReply out, KObject info) {
        if (info.has("nh") && !info.ptr("nh").isNull()) {
            out.attribute32(RTA_NH_ID, info.ptr("nh").get("id"));
        }
    }

    /** {@code fib_nexthop_info}: where the packets go. */
    private static void nextHop(NetlinkReply out, KObject hop) {
        gateway(out, hop);
        NetDevice device = NetDevice.of(hop.ptr("nhc_dev"));
        if (device != null) {
            out.attribute32(RTA_OIF, device.index());
        }
    }

    static void gateway(NetlinkReply out, KObject hop) {
        int family = hop.getInt("nhc_gw_family");
        if (family == RouteNetlink.AF_INET) {
            out.attribute32(RTA_GATEWAY, hop.get("nhc_gw.ipv4"));
        } else if (family == RouteNetlink.AF_INET6) {
            boolean via = hop.getInt("nhc_family") == RouteNetlink.AF_INET;
            byte[] address = Bytes.of(hop.at("nhc_gw.ipv6"), 16);
            if (via) {
                int place = out.nest(RTA_VIA);
                out.u16(RouteNetlink.AF_INET6).bytes(address);
                out.end(place);
            } else {
                out.attribute(RTA_GATEWAY, address);
            }
        }
    }

    /** {@code struct rtnexthop} with its attributes. */
    private static void path(NetlinkReply out, KObject hop) {
        NetDevice device = NetDevice.of(hop.ptr("nhc_dev"));
        // rtnexthop begins with its own length, like an attribute, but has eight bytes of header.
        int place = out.nest(0);
        out.retype(place, (int) (hop.get("nhc_flags") & RTNH_COMPARE_MASK) | Math.max(0, hop.getInt("nhc_weight") - 1) << 8);
        out.u32(device == null ? 0 : device.index());
        gateway(out, hop);
        out.end(place);
    }

    static void metrics(NetlinkReply out, KObject metrics) {
        if (metrics.isNull()) {
            return;
        }
        KObject values = metrics.at("metrics");
        int count = Math.min(RTAX_MAX, ((CType.Array) values.type()).length());
        boolean any = false;
        for (int i = 0; i < count; i++) {
            any |= values.index(i).value() != 0;
        }
        if (!any) {
            return;
        }
        int place = out.nest(RTA_METRICS);
        for (int i = 0; i < count; i++) {
            if (values.index(i).value() != 0) {
                out.attribute32(i + 1, values.index(i).value());
            }
        }
        out.end(place);
    }
}
