package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.MulticastRouting;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** ip_mr_vif, ip_mr_cache (net/ipv4/ipmr.c, ipmr_vif_seq_show, ipmr_mfc_seq_show), ip6_mr_vif, ip6_mr_cache (ip6mr.c). */
final class MulticastRoutingFiles {
    private static final int TTL_NEVER = 255;

    private MulticastRoutingFiles() {}

    static void interfaces(NetNamespace net, ProcText out) {
        out.put("Interface      BytesIn  PktsIn  BytesOut PktsOut Flags Local    Remote\n");
        MulticastRouting routing = MulticastRouting.ipv4(net);
        if (routing != null) {
            for (MulticastRouting.Interface each : routing.interfaces()) {
                counters(each, out);
                out.put(' ').upperHex(each.vif().get("local"), 8).put(' ').upperHex(each.vif().get("remote"), 8).put('\n');
            }
        }
    }

    static void interfaces6(NetNamespace net, ProcText out) {
        out.put("Interface      BytesIn  PktsIn  BytesOut PktsOut Flags\n");
        MulticastRouting routing = MulticastRouting.ipv6(net);
        if (routing != null) {
            for (MulticastRouting.Interface each : routing.interfaces()) {
                counters(each, out);
                out.put('\n');
            }
        }
    }

    static void routes(NetNamespace net, ProcText out) {
        out.put("Group    Origin   Iif     Pkts    Bytes    Wrong Oifs\n");
        MulticastRouting routing = MulticastRouting.ipv4(net);
        for (boolean resolved : routing == null ? new boolean[0] : new boolean[] {true, false}) {
            for (KObject route : routing.routes("mfc_cache", resolved)) {
                out.upperHex(route.get("mfc_mcastgrp"), 8).put(' ').upperHex(route.get("mfc_origin"), 8);
                route(routing, route, resolved, out);
            }
        }
    }

    static void routes6(NetNamespace net, ProcText out) {
        out.put("Group                            Origin                           Iif      Pkts  Bytes     Wrong  Oifs\n");
        MulticastRouting routing = MulticastRouting.ipv6(net);
        for (boolean resolved : routing == null ? new boolean[0] : new boolean[] {true, false}) {
            for (KObject route : routing.routes("mfc6_cache", resolved)) {
                AddressText.grouped6(out, route.at("mf6c_mcastgrp"));
                AddressText.grouped6(out.put(' '), route.at("mf6c_origin"));
                route(routing, route, resolved, out);
            }
        }
    }

    private static void counters(MulticastRouting.Interface each, ProcText out) {
        KObject vif = each.vif();
        out.dec(each.number(), 2).put(' ').left(each.device().name(), 10)
                .put(' ').dec(vif.get("bytes_in"), 8).put(' ').dec(vif.get("pkt_in"), 7)
                .put("  ").dec(vif.get("bytes_out"), 8).put(' ').dec(vif.get("pkt_out"), 7)
                .put(' ').upperHex(vif.get("flags"), 5);
    }

    private static void route(MulticastRouting routing, KObject route, boolean resolved, ProcText out) {
        out.put(' ').left(Integer.toString((short) route.getInt("_c.mfc_parent")), 3);
        for (String counter : new String[] {"pkt", "bytes", "wrong_if"}) {
            out.put(' ').unsigned(resolved ? route.get("_c.mfc_un.res." + counter) : 0, 8);
        }
        int last = resolved ? Math.min(32, route.getInt("_c.mfc_un.res.maxvif")) : 0;
        for (int i = resolved ? route.getInt("_c.mfc_un.res.minvif") : 0; i < last; i++) {
            long ttl = route.at("_c.mfc_un.res.ttls").index(i).value();
            if (routing.exists(i) && ttl < TTL_NEVER) {
                out.put(' ').dec(i, 2).put(':').left(Long.toString(ttl), 3);
            }
        }
        out.put('\n');
    }
}
