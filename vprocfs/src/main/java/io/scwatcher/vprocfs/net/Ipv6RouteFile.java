package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.Fib6Route;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/ipv6_route (net/ipv6/ip6_fib.c, ipv6_route_native_seq_show). */
final class Ipv6RouteFile implements NetFile {
    private static final int RTF_GATEWAY = 0x0002;
    private static final String NO_ADDRESS = "0".repeat(32);

    @Override
    public void print(NetNamespace net, ProcText out) {
        for (Fib6Route route : Fib6Route.all(net)) {
            line(route, out);
        }
    }

    private static void line(Fib6Route route, ProcText out) {
        key(route.destination(), out);
        key(route.source(), out);
        KObject hop = route.nextHop();
        long flags = route.info().get("fib6_flags");
        if (hop.get("nhc_gw_family") != 0) {
            flags |= RTF_GATEWAY;
            AddressText.plain6(out, hop.at("nhc_gw.ipv6"));
        } else {
            out.put(NO_ADDRESS);
        }
        NetDevice device = NetDevice.of(hop.ptr("nhc_dev"));
        out.put(' ').hex(route.info().get("fib6_metric"), 8)
                .put(' ').hex(route.info().get("fib6_ref.refs.counter") & 0xffff_ffffL, 8).put(" 00000000 ")
                .hex(flags, 8).put(' ').right(device == null ? "" : device.name(), 8).put('\n');
    }

    /** A {@code struct rt6key}: address and prefix length. */
    private static void key(KObject key, ProcText out) {
        if (key == null) {
            out.put(NO_ADDRESS).put(" 00 ");
            return;
        }
        AddressText.plain6(out, key.at("addr"));
        out.put(' ').hex(key.get("plen"), 2).put(' ');
    }
}
