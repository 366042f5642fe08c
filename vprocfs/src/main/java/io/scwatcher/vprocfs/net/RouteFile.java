package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.FibRoute;
import io.scwatcher.kernel.net.FibTable;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/route: the main table (net/ipv4/fib_trie.c, fib_route_seq_show). */
final class RouteFile implements NetFile {
    private static final int WIDTH = 127;
    private static final int RTN_BROADCAST = 3;
    private static final int RTN_MULTICAST = 5;
    private static final int RTN_UNREACHABLE = 7;
    private static final int RTN_PROHIBIT = 8;
    private static final int RTF_UP = 0x0001;
    private static final int RTF_GATEWAY = 0x0002;
    private static final int RTF_HOST = 0x0004;
    private static final int RTF_REJECT = 0x0200;
    private static final int RTAX_WINDOW = 3;
    private static final int RTAX_RTT = 4;
    private static final int RTAX_ADVMSS = 8;
    private static final int TCP_AND_IP_HEADERS = 40;

    @Override
    public void print(NetNamespace net, ProcText out) {
        FibTable main = FibTable.of(net, FibTable.MAIN);
        if (main == null) {
            return;
        }
        out.left("Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT", WIDTH).put('\n');
        for (FibTable.Node node : main.nodes()) {
            if (node.isLeaf()) {
                for (FibRoute route : node.routes()) {
                    if (isShown(route)) {
                        line(Integer.reverseBytes((int) node.key()), route, out);
                    }
                }
            }
        }
    }

    private static boolean isShown(FibRoute route) {
        return route.type() != RTN_BROADCAST && route.type() != RTN_MULTICAST && route.table() == FibTable.MAIN;
    }

    private static void line(int destination, FibRoute route, ProcText out) {
        int start = out.size();
        int mask = mask(route.prefixLength());
        if (route.info().isNull()) {
            out.put('*');
            columns(out, destination, 0, flags(route, mask), 0, mask, 0, 0, 0);
        } else {
            NetDevice device = route.device();
            long segment = route.metric(RTAX_ADVMSS);
            out.put(device == null ? "*" : device.name());
            columns(out, destination, route.gatewayIpv4(), flags(route, mask), route.priority(), mask,
                    segment == 0 ? 0 : segment + TCP_AND_IP_HEADERS, route.metric(RTAX_WINDOW),
                    route.metric(RTAX_RTT) >>> 3);
        }
        out.pad(WIDTH - (out.size() - start), ' ').put('\n');
    }

    private static void columns(ProcText out, int destination, int gateway, int flags, int priority, int mask, long mtu,
                                long window, long roundTrip) {
        out.put('\t').upperHex(Integer.toUnsignedLong(destination), 8)
                .put('\t').upperHex(Integer.toUnsignedLong(gateway), 8)
                .put('\t').upperHex(flags, 4).put("\t0\t0\t").dec(priority)
                .put('\t').upperHex(Integer.toUnsignedLong(mask), 8)
                .put('\t').dec((int) mtu).put('\t').unsigned(window).put('\t').unsigned(roundTrip);
    }

    /** The mask's bytes in network order as a little-endian word. */
    private static int mask(int length) {
        return length == 0 ? 0 : Integer.reverseBytes(-1 << 32 - length);
    }

    /** {@code fib_flag_trans}. */
    private static int flags(FibRoute route, int mask) {
        int flags = RTF_UP;
        if (route.type() == RTN_UNREACHABLE || route.type() == RTN_PROHIBIT) {
            flags |= RTF_REJECT;
        }
        if (!route.info().isNull() && route.gateway() != 0) {
            flags |= RTF_GATEWAY;
        }
        return mask == -1 ? flags | RTF_HOST : flags;
    }
}
