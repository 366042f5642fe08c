package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.Mib;
import io.scwatcher.kernel.net.MibList;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;
import java.util.ArrayList;
import java.util.List;

/** /proc/net/snmp (net/ipv4/proc.c, snmp_seq_show). */
final class SnmpFile implements NetFile {
    private static final int ICMP_TYPES = 512;
    private static final int ICMP_OUT = 0x100;
    private static final int TYPES_PER_LINE = 16;

    @Override
    public void print(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        Mib mib = new Mib(net);
        ip(net, mib, out);
        icmp(kernel, mib, out);
        icmpTypes(mib, out);
        out.put('\n');
        MibText.pairOfLines(out, "Tcp:", MibList.read(kernel, "snmp4_tcp_list"), mib, "tcp_statistics");
        List<MibList.Entry> udp = MibList.read(kernel, "snmp4_udp_list");
        out.put('\n');
        MibText.pairOfLines(out, "Udp:", udp, mib, "udp_statistics");
        if (net.net().has("mib.udplite_statistics")) {
            out.put('\n');
            MibText.pairOfLines(out, "UdpLite:", udp, mib, "udplite_statistics");
        }
        out.put('\n');
    }

    private static void ip(NetNamespace net, Mib mib, ProcText out) {
        Kernel kernel = net.kernel();
        List<MibList.Entry> list = MibList.read(kernel, "snmp4_ipstats_list");
        MibText.names(out.put("Ip: Forwarding DefaultTTL"), list);
        long forwarding = kernel.types().enumerator("IPV4_DEVCONF_FORWARDING").orElse(1);
        KObject settings = net.net().ptr("ipv4.devconf_all").at("data");
        out.put("\nIp: ").put(settings.index(forwarding - 1).value() != 0 ? '1' : '2')
                .put(' ').dec(net.net().get("ipv4.sysctl_ip_default_ttl"));
        MibText.values(out, list, mib, "ip_statistics");
    }

    /** Counters of errors that the rate limit kept from being sent came with 6.1. */
    private static void icmp(Kernel kernel, Mib mib, ProcText out) {
        List<MibList.Entry> types = MibList.read(kernel, "icmpmibmap");
        boolean limits = kernel.types().enumerator("ICMP_MIB_RATELIMITGLOBAL").isPresent();
        out.put("\nIcmp: InMsgs InErrors InCsumErrors");
        for (MibList.Entry type : types) {
            out.put(" In").put(type.name());
        }
        out.put(" OutMsgs OutErrors").put(limits ? " OutRateLimitGlobal OutRateLimitHost" : "");
        for (MibList.Entry type : types) {
            out.put(" Out").put(type.name());
        }
        out.put("\nIcmp:");
        folded(mib, out, "ICMP_MIB_INMSGS", "ICMP_MIB_INERRORS", "ICMP_MIB_CSUMERRORS");
        for (MibList.Entry type : types) {
            out.put(' ').unsigned(mib.shared("icmpmsg_statistics", type.index()));
        }
        folded(mib, out, "ICMP_MIB_OUTMSGS", "ICMP_MIB_OUTERRORS");
        if (limits) {
            folded(mib, out, "ICMP_MIB_RATELIMITGLOBAL", "ICMP_MIB_RATELIMITHOST");
        }
        for (MibList.Entry type : types) {
            out.put(' ').unsigned(mib.shared("icmpmsg_statistics", type.index() | ICMP_OUT));
        }
    }

    private static void folded(Mib mib, ProcText out, String... counters) {
        for (String counter : counters) {
            out.put(' ').unsigned(mib.folded("icmp_statistics", counter));
        }
    }

    private static void icmpTypes(Mib mib, ProcText out) {
        List<MibList.Entry> line = new ArrayList<>();
        for (int type = 0; type < ICMP_TYPES; type++) {
            if (mib.shared("icmpmsg_statistics", type) != 0) {
                line.add(new MibList.Entry(((type & ICMP_OUT) != 0 ? "OutType" : "InType") + (type & 0xff), type));
            }
            if (line.size() == TYPES_PER_LINE || type == ICMP_TYPES - 1 && !line.isEmpty()) {
                MibText.names(out.put("\nIcmpMsg:"), line);
                out.put("\nIcmpMsg:");
                for (MibList.Entry each : line) {
                    out.put(' ').unsigned(mib.shared("icmpmsg_statistics", each.index()));
                }
                line.clear();
            }
        }
    }
}
