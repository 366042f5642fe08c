package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.FibRoute;
import io.scwatcher.kernel.net.FibTable;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.util.Comparator;
import java.util.List;

/** Looks up IPv4 routes as the kernel does for packets of its own (net/ipv4/fib_trie.c, fib_table_lookup; include/net/ip_fib.h, fib_lookup). */
final class Ipv4Way {
    private static final int DEFAULT_TABLE = 253;
    private static final int RTN_BLACKHOLE = 6, RTN_UNREACHABLE = 7, RTN_PROHIBIT = 8, RTN_THROW = 9;
    private static final int RTNH_F_DEAD = 1, RTNH_F_LINKDOWN = 16;
    private static final int SCOPE_LINK = 253, SCOPE_HOST = 254;
    private static final int IFA_F_SECONDARY = 1;
    private static final int MAX_NEXT_HOPS = 1 << 12;

    private final NetNamespace net;

    Ipv4Way(NetNamespace net) {
        this.net = net;
    }

    /** @param table whose trie the route was found in  @param hop a {@code struct fib_nh_common} */
    record Found(int table, FibRoute route, KObject hop) implements RoutingPolicy.Answer {
        @Override
        public int prefixLength() {
            return route.prefixLength();
        }

        @Override
        public int deviceGroup() {
            NetDevice device = NetDevice.of(hop.ptr("nhc_dev"));
            return device == null ? 0 : device.device().getInt("group");
        }
    }

    /** @return null if no route leads there  @throws VfsException if one says that nobody may go there */
    Found lookup(Flow flow) {
        boolean rules = net.net().has("ipv4.fib_has_custom_rules") && net.net().get("ipv4.fib_has_custom_rules") != 0;
        if (rules) {
            return new RoutingPolicy(net, RouteNetlink.AF_INET).lookup(flow, table -> lookup(table, flow));
        }
        Found found = lookup(FibTable.MAIN, flow);
        return found != null ? found : lookup(DEFAULT_TABLE, flow);
    }

    private Found lookup(int number, Flow flow) {
        FibTable table = FibTable.of(net, number);
        if (table == null) {
            return null;
        }
        long destination = word(flow.destination());
        List<FibRoute> candidates = table.nodes().stream().filter(FibTable.Node::isLeaf)
                .flatMap(leaf -> leaf.routes().stream().filter(route -> covers(leaf.key(), route.prefixLength(), destination)))
                .sorted(Comparator.comparingInt(FibRoute::prefixLength).reversed()).toList();
        for (FibRoute route : candidates) {
            KObject info = route.info();
            if (route.typeOfService() != 0 && route.typeOfService() != (flow.trafficClass() & 0xfc) || info.isNull() || info.get("fib_dead") != 0) {
                continue;
            }
            switch (route.type()) {
                case RTN_THROW -> {
                    return null;
                }
                case RTN_BLACKHOLE -> throw new VfsException(Errno.EINVAL);
                case RTN_UNREACHABLE -> throw new VfsException(Errno.EHOSTUNREACH);
                case RTN_PROHIBIT -> throw new VfsException(Errno.EACCES);
                default -> { }
            }
            KObject hop = (info.get("fib_flags") & RTNH_F_DEAD) != 0 ? null : hop(route, flow);
            if (hop != null) {
                return new Found(number, route, hop);
            }
        }
        return null;
    }

    private static boolean covers(long key, int length, long destination) {
        return length == 0 || (key ^ destination) >>> 32 - length == 0;
    }

    /** The first of a route's next hops that is alive and by the wanted device ({@code fib_lookup_good_nhc}). Of several paths the kernel takes one by a secret hash. */
    private static KObject hop(FibRoute route, Flow flow) {
        KObject info = route.info();
        boolean shared = info.has("nh") && !info.ptr("nh").isNull();
        int hops = shared ? 1 : Math.clamp(info.getInt("fib_nhs"), 0, MAX_NEXT_HOPS);
        for (int i = 0; i < hops; i++) {
            KObject hop = shared ? route.nextHop() : info.at("fib_nh").index(i).at("nh_common");
            long flags = hop.get("nhc_flags");
            boolean usable = (flags & RTNH_F_DEAD) == 0 && ((flags & RTNH_F_LINKDOWN) == 0 || !ignoresDownLinks(hop));
            if (usable && (flow.device() == 0 || flow.device() == hop.getInt("nhc_oif"))) {
                return hop;
            }
        }
        return null;
    }

    /** {@code ip_ignore_linkdown}: the device's setting, or that of all. */
    private static boolean ignoresDownLinks(KObject hop) {
        NetDevice device = NetDevice.of(hop.ptr("nhc_dev"));
        KObject owner = device == null ? null : InetDevice.ipv4(device);
        return owner != null && (setting(owner, "IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN") != 0);
    }

    /** A number of the device's {@code struct ipv4_devconf}. */
    static int setting(KObject owner, String name) {
        long number = owner.kernel().types().enumerator(name).orElse(0);
        return number <= 0 ? 0 : (int) owner.at("cnf.data").index(number - 1).value();
    }

    /**
     * The address that packets get which have none yet ({@code fib_result_prefsrc}).
     *
     * @return 4 bytes in network order
     */
    byte[] source(Found found) {
        int preferred = found.route().info().getInt("fib_prefsrc");
        if (preferred != 0) {
            return bytes(preferred);
        }
        KObject hop = found.hop();
        boolean ipv4 = hop.getInt("nhc_gw_family") == RouteNetlink.AF_INET;
        return source(NetDevice.of(hop.ptr("nhc_dev")), ipv4 ? hop.getInt("nhc_gw.ipv4") : 0, found.route().scope());
    }

    /**
     * {@code inet_select_addr}: a device's address, one of the destination's network if there is one, else of any device.
     *
     * @param destination little-endian word, 0 for none
     * @param scope RT_SCOPE_*: addresses of narrower scope don't serve
     */
    byte[] source(NetDevice device, int destination, int scope) {
        KObject owner = device == null ? null : InetDevice.ipv4(device);
        int any = 0;
        int narrowest = owner != null && setting(owner, "IPV4_DEVCONF_ROUTE_LOCALNET") != 0 ? SCOPE_LINK : SCOPE_HOST;
        for (KObject address : owner == null ? List.<KObject>of() : InetDevice.chain(owner, "ifa_list", "ifa_next")) {
            if ((address.get("ifa_flags") & IFA_F_SECONDARY) != 0 || Math.min(address.getInt("ifa_scope") & 0xff, narrowest) > scope) {
                continue;
            }
            if (destination == 0 || ((address.getInt("ifa_address") ^ destination) & address.getInt("ifa_mask")) == 0) {
                return bytes(address.getInt("ifa_local"));
            }
            any = any == 0 ? address.getInt("ifa_local") : any;
        }
        return bytes(any != 0 ? any : ofAnyDevice(scope));
    }

    private int ofAnyDevice(int scope) {
        for (NetDevice device : NetDevice.all(net)) {
            KObject owner = InetDevice.ipv4(device);
            for (KObject address : owner == null ? List.<KObject>of() : InetDevice.chain(owner, "ifa_list", "ifa_next")) {
                int own = address.getInt("ifa_scope") & 0xff;
                if ((address.get("ifa_flags") & IFA_F_SECONDARY) == 0 && own != SCOPE_LINK && own <= scope) {
                    return address.getInt("ifa_local");
                }
            }
        }
        return 0;
    }

    /** Whether an address is one of the machine's own. */
    NetDevice holder(byte[] wanted) {
        for (NetDevice device : NetDevice.all(net)) {
            KObject owner = InetDevice.ipv4(device);
            for (KObject address : owner == null ? List.<KObject>of() : InetDevice.chain(owner, "ifa_list", "ifa_next")) {
                if (java.util.Arrays.equals(bytes(address.getInt("ifa_local")), wanted)) {
                    return device;
                }
            }
        }
        return null;
    }

    /** A {@code __be32} that was read as a little-endian word. */
    static byte[] bytes(int word) {
        return new byte[] {(byte) word, (byte) (word >>> 8), (byte) (word >>> 16), (byte) (word >>> 24)};
    }

    private static long word(byte[] address) {
        return (address[0] & 0xffL) << 24 | (address[1] & 0xff) << 16 | (address[2] & 0xff) << 8 | address[3] & 0xff;
    }
}
