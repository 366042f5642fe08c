package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.Fib6Route;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.NeighbourTable;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Looks up IPv6 routes as the kernel does for packets of its own (net/ipv6/route.c, fib6_table_lookup, rt6_select, find_match; net/ipv6/fib6_rules.c). */
final class Ipv6Way {
    private static final int MAIN = 254, LOCAL = 255;
    private static final int RTNH_F_DEAD = 1, RTNH_F_LINKDOWN = 16;
    private static final int RTF_NONEXTHOP = 0x0020_0000, RTF_EXPIRES = 0x0040_0000;
    private static final int RTF_PREF_SHIFT = 27;
    private static final int NUD_FAILED = 0x20;
    private static final int NO_MATCH = -1, DEVICE_MATCHES = 2;

    private final NetNamespace net;
    private final List<Fib6Route> all;
    private final long now;

    Ipv6Way(NetNamespace net) {
        this.net = net;
        long nowhere = net.net().get("ipv6.fib6_null_entry");
        this.all = Fib6Route.all(net).stream().filter(route -> route.info().address() != nowhere).toList();
        this.now = Jiffies.of(net.kernel()).now();
    }

    /** @param hop a {@code struct fib_nh_common} */
    record Found(Fib6Route route, KObject hop) implements RoutingPolicy.Answer {
        @Override
        public int prefixLength() {
            return route.destination().getInt("plen");
        }

        @Override
        public int deviceGroup() {
            NetDevice device = NetDevice.of(hop.ptr("nhc_dev"));
            return device == null ? 0 : device.device().getInt("group");
        }
    }

    /** @return null if no route leads there */
    Found lookup(Flow flow) {
        boolean rules = net.net().has("ipv6.fib6_has_custom_rules") && net.net().get("ipv6.fib6_has_custom_rules") != 0;
        if (rules) {
            return new RoutingPolicy(net, RouteNetlink.AF_INET6).lookup(flow, table -> lookup(table, flow));
        }
        Found found = lookup(LOCAL, flow);
        return found != null ? found : lookup(MAIN, flow);
    }

    private Found lookup(int table, Flow flow) {
        // The nodes on the way up from the most specific one, each with its routes in their order.
        TreeMap<Integer, List<Fib6Route>> nodes = new TreeMap<>();
        for (Fib6Route route : all) {
            int length = route.destination().getInt("plen");
            if (route.info().ptr("fib6_table").getInt("tb6_id") == table
                    && Flow.isWithin(flow.destination(), Bytes.of(route.destination().at("addr"), 16), length)) {
                nodes.computeIfAbsent(length, _ -> new ArrayList<>()).add(route);
            }
        }
        boolean forwards = net.net().ptr("ipv6.devconf_all").get("forwarding") != 0;
        Found found = forwards ? null : select(nodes, flow, true);
        return found != null ? found : select(nodes, flow, false);
    }

    private Found select(TreeMap<Integer, List<Fib6Route>> nodes, Flow flow, boolean reachable) {
        for (List<Fib6Route> routes : nodes.descendingMap().values()) {
            Found found = select(routes, flow, reachable);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** {@code rt6_select}: of the routes with the metric of the one whose turn it is, the best; if none will do, of the rest. */
    private Found select(List<Fib6Route> routes, Flow flow, boolean reachable) {
        KObject node = routes.getFirst().info().ptr("fib6_node");
        long turn = node.isNull() ? 0 : node.get("rr_ptr");
        int first = 0;
        for (int i = 0; i < routes.size(); i++) {
            first = routes.get(i).info().address() == turn ? i : first;
        }
        long metric = routes.get(first).info().get("fib6_metric");
        List<Fib6Route> same = new ArrayList<>();
        List<Fib6Route> rest = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            Fib6Route route = routes.get((first + i) % routes.size());
            (route.info().get("fib6_metric") == metric ? same : rest).add(route);
        }
        Found found = best(same, flow, reachable);
        return found != null ? found : best(rest, flow, reachable);
    }

    private Found best(List<Fib6Route> routes, Flow flow, boolean reachable) {
        Found best = null;
        int most = NO_MATCH;
        for (Fib6Route route : routes) {
            boolean expired = (route.info().get("fib6_flags") & RTF_EXPIRES) != 0 && now - route.info().get("expires") > 0;
            int score = expired ? NO_MATCH : score(route, flow, reachable);
            if (score > most) {
                most = score;
                best = new Found(route, route.nextHop());
            }
        }
        return best;
    }

    /** {@code rt6_score_route}. */
    private int score(Fib6Route route, Flow flow, boolean reachable) {
        KObject hop = route.nextHop();
        long state = hop.get("nhc_flags");
        NetDevice device = NetDevice.of(hop.ptr("nhc_dev"));
        if (device == null || (state & RTNH_F_DEAD) != 0 || (state & RTNH_F_LINKDOWN) != 0 && ignoresDownLinks(device)) {
            return NO_MATCH;
        }
        boolean matches = flow.device() == 0 || device.index() == flow.device();
        if (!matches && (needsDevice(flow.destination()) || Bytes.isZero(flow.source()))) {
            return NO_MATCH;
        }
        long flags = route.info().get("fib6_flags");
        boolean asks = reachable && (flags & RTF_NONEXTHOP) == 0 && hop.get("nhc_gw_family") != 0;
        if (asks && isFailed(device, Bytes.of(hop.at("nhc_gw.ipv6"), 16))) {
            return NO_MATCH;
        }
        return (matches ? DEVICE_MATCHES : 0) | (int) (flags >>> RTF_PREF_SHIFT & 3 ^ 2) << 2;
    }

    /** {@code rt6_need_strict}. */
    static boolean needsDevice(byte[] destination) {
        return Ipv6Source.isMulticast(destination) || Ipv6Source.isLinkLocal(destination) || Ipv6Source.isLoopback(destination);
    }

    private static boolean ignoresDownLinks(NetDevice device) {
        KObject owner = InetDevice.ipv6(device);
        return owner != null && owner.getOr("cnf.ignore_routes_with_linkdown", 0) != 0;
    }

    /** Whether a router is known not to answer. */
    private boolean isFailed(NetDevice device, byte[] address) {
        if (!net.kernel().symbols().has("nd_tbl")) {
            return false;
        }
        for (KObject neighbour : NeighbourTable.ndisc(net.kernel()).neighbours(net)) {
            if (neighbour.get("dev") == device.address() && Arrays.equals(Bytes.of(neighbour.at("primary_key"), 16), address)) {
                return (neighbour.get("nud_state") & NUD_FAILED) != 0;
            }
        }
        return false;
    }
}
