package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.CType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An IPv6 route: {@code struct fib6_info} (include/net/ip6_fib.h).
 *
 * @param info the {@code struct fib6_info}
 */
public record Fib6Route(KObject info) {
    private static final int HAS_ROUTES = 0x0004;
    private static final int MAX_DEPTH = 260;
    private static final int MAX_ROUTES = 1 << 21;
    private static final int TABLE_BUCKETS = 256;

    /**
     * All routes of a namespace in the order of /proc/net/ipv6_route (net/ipv6/ip6_fib.c, fib6_walk_continue): table by
     * table, in each the subtrees before the node itself.
     */
    public static List<Fib6Route> all(NetNamespace net) {
        Kernel kernel = net.kernel();
        Walk walk = new Walk(kernel);
        int buckets = kernel.types().struct("net").has("ipv6.fib6_rules_ops") ? TABLE_BUCKETS : 1;
        HashBuckets.ofHeads(kernel, net.net().get("ipv6.fib_table_hash"), buckets)
                .forEach("fib6_table", "tb6_hlist", (bucket, table) -> walk.visit(table.at("tb6_root"), 0));
        return walk.routes;
    }

    /** The destination: {@code struct rt6key}. */
    public KObject destination() {
        return info.at("fib6_dst");
    }

    /** The source that it is for, a {@code struct rt6key}; null where the kernel does not route by source. */
    public KObject source() {
        boolean subtrees = info.kernel().types().struct("fib6_node").has("subtree");
        return subtrees ? info.at("fib6_src") : null;
    }

    /** The next hop, a {@code struct fib_nh_common}. */
    public KObject nextHop() {
        if (info.has("nh")) {
            KObject nextHop = info.ptr("nh");
            if (!nextHop.isNull()) {
                return NextHop.info(nextHop).at("fib6_nh.nh_common");
            }
        }
        KObject own = info.at("fib6_nh");
        return (own.type() instanceof CType.Array ? own.index(0) : own).at("nh_common");
    }

    private static final class Walk {
        private final Kernel kernel;
        private final Set<Long> seen = new HashSet<>();
        private final List<Fib6Route> routes = new ArrayList<>();

        Walk(Kernel kernel) {
            this.kernel = kernel;
        }

        void visit(KObject node, int depth) {
            if (node.isNull()) {
                return;
            }
            if (depth > MAX_DEPTH || !seen.add(node.address())) {
                kernel.anomalies().record("IPv6 routes: node %#x is its own descendant".formatted(node.address()));
                return;
            }
            try {
                if (node.has("subtree")) {
                    visit(node.ptr("subtree"), depth + 1);
                }
                visit(node.ptr("left"), depth + 1);
                visit(node.ptr("right"), depth + 1);
                leaves(node);
            } catch (MemoryFault fault) {
                kernel.anomalies().record("IPv6 routes: " + fault.getMessage());
            }
        }

        private void leaves(KObject node) {
            if ((node.get("fn_flags") & HAS_ROUTES) == 0) {
                return;
            }
            KObject route = node.ptr("leaf");
            Set<Long> chain = new HashSet<>();
            while (!route.isNull()) {
                if (!chain.add(route.address()) || routes.size() >= MAX_ROUTES) {
                    kernel.anomalies().record("IPv6 routes: a node's routes run in a circle, or there are too many");
                    return;
                }
                routes.add(new Fib6Route(route));
                route = route.ptr("fib6_next");
            }
        }
    }
}
