package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.util.List;

/**
 * RTM_GETROUTE for one IPv4 destination: which way a packet of the machine itself would take (net/ipv4/route.c, inet_rtm_getroute,
 * ip_route_output_key_hash_rcu, __mkroute_output, rt_fill_info). What the cache of a path has learned (its MTU, redirects) is not told.
 */
final class Ipv4RouteQuery {
    private static final int RTM_F_LOOKUP_TABLE = 0x1000, RTM_F_CLONED = 0x200, RTM_F_FIB_MATCH = 0x2000;
    private static final int RTN_UNICAST = 1, RTN_LOCAL = 2, RTN_BROADCAST = 3, RTN_MULTICAST = 5;
    private static final int RTCF_LOCAL = 0x8000_0000, RTCF_BROADCAST = 0x1000_0000, RTCF_MULTICAST = 0x2000_0000;
    private static final int SCOPE_UNIVERSE = 0, SCOPE_LINK = 253, SCOPE_HOST = 254;
    private static final int IFF_UP = 1, IFF_LOOPBACK = 8;
    private static final int IPPROTO_IGMP = 2;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final NetNamespace net;
    private final Ipv4Way ways;
    private final NetlinkRequest request;
    private final Flow asked;

    Ipv4RouteQuery(NetNamespace net, NetlinkRequest request) {
        this.net = net;
        this.ways = new Ipv4Way(net);
        this.request = request;
        this.asked = Flow.of(request, 4);
    }

    /** What was decided: {@code found} is null where no table was asked. */
    private record Decision(Flow flow, Ipv4Way.Found found, int type, NetDevice device, boolean local) {}

    void answer(NetlinkReply out) {
        Decision decision = decide();
        check(decision);
        int flags = request.u32(8);
        int table = (flags & RTM_F_LOOKUP_TABLE) == 0 ? 254 : decision.found == null ? 0 : decision.found.table();
        if ((flags & RTM_F_FIB_MATCH) == 0) {
            write(decision, table, out);
        } else if (decision.found == null) {
            throw new VfsException(Errno.EHOSTUNREACH);
        } else {
            RouteMessages.writeMatch(decision.found.route(), decision.flow.destination(), table, out);
        }
    }

    private Decision decide() {
        Flow flow = asked;
        NetDevice device = null;
        if (!Bytes.isZero(flow.source())) {
            if (isMulticast(flow.source()) || isLimitedBroadcast(flow.source()) || flow.source()[0] == 0) {
                throw new VfsException(Errno.EINVAL);
            }
            NetDevice holder = isOwn(flow.source()) ? ways.holder(flow.source()) : null;
            if (holder == null && !isOwn(flow.source())) {
                throw new VfsException(Errno.ENETUNREACH);
            }
            if (holder != null && flow.device() == 0 && (isMulticast(flow.destination()) || isLimitedBroadcast(flow.destination()))) {
                return new Decision(flow.by(holder.index()), null, 0, holder, false);
            }
        }
        if (flow.device() != 0) {
            device = byIndex(flow.device());
            if ((device.flags() & IFF_UP) == 0 || InetDevice.ipv4(device) == null) {
                throw new VfsException(Errno.ENETUNREACH);
            }
            boolean unset = Bytes.isZero(flow.source());
            if (isLocalMulticast(flow.destination()) || isLimitedBroadcast(flow.destination()) || flow.protocol() == IPPROTO_IGMP) {
                return new Decision(unset ? flow.from(ways.source(device, 0, SCOPE_LINK)) : flow, null, 0, device, false);
            }
            if (unset && isMulticast(flow.destination())) {
                flow = flow.from(ways.source(device, 0, SCOPE_UNIVERSE));
            } else if (unset && Bytes.isZero(flow.destination())) {
                flow = flow.from(ways.source(device, 0, SCOPE_HOST));
            }
        }
        if (Bytes.isZero(flow.destination())) {
            byte[] own = Bytes.isZero(flow.source()) ? LOOPBACK : flow.source();
            return new Decision(flow.from(own).to(own), null, RTN_LOCAL, loopback(), true);
        }
        return decide(flow, device);
    }

    private Decision decide(Flow flow, NetDevice device) {
        Ipv4Way.Found found;
        try {
            found = ways.lookup(flow);
            if (found == null) {
                throw new VfsException(Errno.ENETUNREACH);
            }
        } catch (VfsException none) {
            if (flow.device() == 0) {
                throw none;
            }
            // By a named device everything can be sent to, routes or not.
            return new Decision(Bytes.isZero(flow.source()) ? flow.from(ways.source(device, 0, SCOPE_LINK)) : flow, null, RTN_UNICAST, device, false);
        }
        boolean unset = Bytes.isZero(flow.source());
        if (found.route().type() == RTN_LOCAL) {
            int preferred = found.route().info().getInt("fib_prefsrc");
            Flow own = !unset ? flow : flow.from(preferred != 0 ? Ipv4Way.bytes(preferred) : flow.destination());
            return new Decision(own, found, RTN_LOCAL, loopback(), true);
        }
        return new Decision(unset ? flow.from(ways.source(found)) : flow, found, found.route().type(), NetDevice.of(found.hop().ptr("nhc_dev")), false);
    }

    private static void check(Decision decision) {
        NetDevice device = decision.device;
        KObject owner = device == null ? null : InetDevice.ipv4(device);
        boolean strays = owner != null && decision.flow.source()[0] == LOOPBACK[0] && (device.flags() & IFF_LOOPBACK) == 0
                && Ipv4Way.setting(owner, "IPV4_DEVCONF_ROUTE_LOCALNET") == 0;
        byte[] to = decision.flow.destination();
        if (owner == null || strays || to[0] == 0 && !isLimitedBroadcast(to) && !isMulticast(to)) {
            throw new VfsException(Errno.EINVAL);
        }
    }

    private void write(Decision decision, int table, NetlinkReply out) {
        byte[] destination = decision.flow.destination();
        boolean broadcast = isLimitedBroadcast(destination) || !isMulticast(destination) && decision.type == RTN_BROADCAST;
        boolean multicast = !broadcast && isMulticast(destination);
        int type = broadcast ? RTN_BROADCAST : multicast ? RTN_MULTICAST : decision.type;
        int flags = decision.local || (decision.device.flags() & IFF_LOOPBACK) != 0 ? RTCF_LOCAL : 0;
        if (broadcast) {
            flags = RTCF_BROADCAST | RTCF_LOCAL;
        } else if (multicast) {
            flags = RTCF_MULTICAST | (isJoined(decision.device, destination) ? RTCF_LOCAL : 0);
        }
        Ipv4Way.Found found = isLimitedBroadcast(destination) || multicast && decision.found != null && decision.found.prefixLength() < 4 ? null : decision.found;
        boolean given = !Bytes.isZero(asked.source());
        out.begin(RouteMessages.RTM_NEWROUTE).u8(RouteNetlink.AF_INET).u8(32).u8(given ? 32 : 0)
                .u8(decision.found == null ? 0 : decision.found.route().typeOfService())
                .u8(Integer.compareUnsigned(table, 256) < 0 ? table : 252).u8(0).u8(SCOPE_UNIVERSE).u8(type).u32(flags & ~0xffff | RTM_F_CLONED);
        out.attribute32(RouteMessages.RTA_TABLE, table).attribute(RouteMessages.RTA_DST, asked.destination());
        if (given) {
            out.attribute(RouteMessages.RTA_SRC, asked.source());
        }
        out.attribute32(RouteMessages.RTA_OIF, decision.device.index());
        if (!java.util.Arrays.equals(decision.flow.source(), asked.source())) {
            out.attribute(RouteMessages.RTA_PREFSRC, decision.flow.source());
        }
        if (found != null && found.hop().getInt("nhc_scope") == SCOPE_LINK) {
            RouteMessages.gateway(out, found.hop());
        }
        if (found != null) {
            RouteMessages.metrics(out, found.route().info().ptr("fib_metrics"));
        }
        if (asked.mark() != 0) {
            out.attribute32(RouteMessages.RTA_MARK, asked.mark());
        }
        out.attribute32(RouteMessages.RTA_UID, asked.user());
        RouteMessages.cacheInformation(out, 0);
    }

    private NetDevice byIndex(int index) {
        return NetDevice.all(net).stream().filter(one -> one.index() == index).findFirst().orElseThrow(() -> new VfsException(Errno.ENODEV));
    }

    private NetDevice loopback() {
        return NetDevice.of(net.net().ptr("loopback_dev"));
    }

    /** {@code __ip_dev_find}: an address of a device, or one that the local table takes for the machine's own. */
    private boolean isOwn(byte[] address) {
        return ways.holder(address) != null || address[0] == LOOPBACK[0];
    }

    /** {@code ip_check_mc_rcu}: whether the machine listens to a group by that device. */
    private static boolean isJoined(NetDevice device, byte[] group) {
        KObject owner = InetDevice.ipv4(device);
        List<KObject> joined = owner == null ? List.of() : InetDevice.chain(owner, "mc_list", "next_rcu");
        return joined.stream().anyMatch(one -> java.util.Arrays.equals(Ipv4Way.bytes(one.getInt("multiaddr")), group) && one.at("sfcount").index(0).value() != 0);
    }

    private static boolean isMulticast(byte[] address) {
        return (address[0] & 0xf0) == 0xe0;
    }

    private static boolean isLocalMulticast(byte[] address) {
        return (address[0] & 0xff) == 224 && address[1] == 0 && address[2] == 0;
    }

    private static boolean isLimitedBroadcast(byte[] address) {
        return java.util.Arrays.equals(address, new byte[] {-1, -1, -1, -1});
    }
}
