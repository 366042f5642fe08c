package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;

/** RTM_GETROUTE for one IPv6 destination (net/ipv6/route.c, inet6_rtm_getroute, rt6_fill_node). */
final class Ipv6RouteQuery {
    private static final int RTM_F_FIB_MATCH = 0x2000;
    private static final int RTN_BLACKHOLE = 6, RTN_UNREACHABLE = 7, RTN_PROHIBIT = 8, RTN_THROW = 9;
    private static final int RTF_REJECT = 0x0200, RTF_ANYCAST = 0x0010_0000;
    private static final int RTF_LOCAL = 0x8000_0000;
    private static final int RTF_PREF_SHIFT = 27;

    private final NetNamespace net;
    private final NetlinkRequest request;

    Ipv6RouteQuery(NetNamespace net, NetlinkRequest request) {
        this.net = net;
        this.request = request;
    }

    void answer(NetlinkReply out) {
        Flow flow = Flow.of(request, 16);
        Ipv6Way.Found found = new Ipv6Way(net).lookup(flow);
        if (found == null) {
            throw new VfsException(Errno.ENETUNREACH);
        }
        KObject info = found.route().info();
        int type = info.getInt("fib6_type");
        if ((info.getInt("fib6_flags") & RTF_REJECT) != 0) {
            throw new VfsException(switch (type) {
                case RTN_BLACKHOLE -> Errno.EINVAL;
                case RTN_UNREACHABLE -> Errno.EHOSTUNREACH;
                case RTN_PROHIBIT -> Errno.EACCES;
                case RTN_THROW -> Errno.EAGAIN;
                default -> Errno.ENETUNREACH;
            });
        }
        if ((request.u32(8) & RTM_F_FIB_MATCH) != 0) {
            new RouteMessages(net).writeMatch(found.route(), out);
        } else {
            write(found, flow, type, out);
        }
    }

    private void write(Ipv6Way.Found found, Flow flow, int type, NetlinkReply out) {
        KObject info = found.route().info();
        int flags = info.getInt("fib6_flags");
        int table = info.ptr("fib6_table").getInt("tb6_id");
        NetDevice device = NetDevice.of(found.hop().ptr("nhc_dev"));
        // CONFIG_IPV6_SUBTREES: the source is told, whether given or not.
        boolean bySource = found.route().source() != null;
        out.begin(RouteMessages.RTM_NEWROUTE).u8(RouteNetlink.AF_INET6).u8(128).u8(bySource ? 128 : 0).u8(0).u8(Integer.compareUnsigned(table, 256) < 0 ? table : 252)
                .u8(info.get("fib6_protocol")).u8(0).u8(type).u32(0);
        out.attribute32(RouteMessages.RTA_TABLE, table).attribute(RouteMessages.RTA_DST, flow.destination());
        if (bySource) {
            out.attribute(RouteMessages.RTA_SRC, flow.source());
        }
        byte[] preferred = info.get("fib6_prefsrc.plen") != 0 ? Bytes.of(info.at("fib6_prefsrc.addr"), 16) : null;
        byte[] source = preferred != null ? preferred : new Ipv6Source(net).of(device, flow.destination());
        if (source != null) {
            out.attribute(RouteMessages.RTA_PREFSRC, source);
        }
        if (preferred != null) {
            out.attribute(RouteMessages.RTA_PREFSRC, preferred);
        }
        RouteMessages.metrics(out, info.ptr("fib6_metrics"));
        out.attribute32(RouteMessages.RTA_PRIORITY, info.get("fib6_metric"));
        RouteMessages.gateway(out, found.hop());
        NetDevice leaving = (flags & (RTF_LOCAL | RTF_ANYCAST)) != 0 ? NetDevice.of(net.net().ptr("loopback_dev")) : device;
        if (leaving != null) {
            out.attribute32(RouteMessages.RTA_OIF, leaving.index());
        }
        RouteMessages.cacheInformation(out, 0);
        out.attribute8(RouteMessages.RTA_PREF, flags >>> RTF_PREF_SHIFT & 3);
    }
}
