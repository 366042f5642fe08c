package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.Mib;
import io.scwatcher.kernel.net.MibList;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

/** /proc/net/snmp6 and, for one device, /proc/net/dev_snmp6/DEVICE (net/ipv6/proc.c, snmp6_seq_show, snmp6_dev_seq_show). */
final class Snmp6File implements NetFile {
    private static final int WIDTH = 32;
    private static final int TYPES = 512;
    private static final int OUT = 0x100;
    private static final String LAST_PER_HOST = "Icmp6OutRateLimitHost";

    /** Names of ICMPv6 types that RFC 2466 knows (net/ipv6/proc.c, icmp6type2name). */
    private static final Map<Integer, String> TYPE_NAMES = Map.ofEntries(
            Map.entry(1, "DestUnreachs"), Map.entry(2, "PktTooBigs"), Map.entry(3, "TimeExcds"),
            Map.entry(4, "ParmProblems"), Map.entry(128, "Echos"), Map.entry(129, "EchoReplies"),
            Map.entry(130, "GroupMembQueries"), Map.entry(131, "GroupMembResponses"),
            Map.entry(132, "GroupMembReductions"), Map.entry(143, "MLDv2Reports"),
            Map.entry(134, "RouterAdvertisements"), Map.entry(133, "RouterSolicits"),
            Map.entry(136, "NeighborAdvertisements"), Map.entry(135, "NeighborSolicits"), Map.entry(137, "Redirects"));

    @Override
    public void print(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        Mib mib = new Mib(net);
        MibText.lines(out, WIDTH, MibList.read(kernel, "snmp6_ipstats_list"), mib, "ipv6_statistics");
        MibText.lines(out, WIDTH, MibList.read(kernel, "snmp6_icmp6_list"), mib, "icmpv6_statistics");
        types(out, type -> mib.shared("icmpv6msg_statistics", type));
        MibText.lines(out, WIDTH, MibList.read(kernel, "snmp6_udp6_list"), mib, "udp_stats_in6");
        if (net.net().has("mib.udplite_stats_in6")) {
            MibText.lines(out, WIDTH, MibList.read(kernel, "snmp6_udplite6_list"), mib, "udplite_stats_in6");
        }
    }

    /** What one device counted. @param device a {@code struct inet6_dev} */
    static void printDevice(KObject device, ProcText out) {
        Kernel kernel = device.kernel();
        MibText.line(out, "ifIndex", WIDTH, device.ptr("dev").get("ifindex"));
        long ip = device.get("stats.ipv6");
        for (MibList.Entry entry : MibList.read(kernel, "snmp6_ipstats_list")) {
            MibText.line(out, entry.name(), WIDTH, Mib.folded(kernel, ip, entry.index()));
        }
        long icmp = device.get("stats.icmpv6dev");
        for (MibList.Entry entry : ofDevice(MibList.read(kernel, "snmp6_icmp6_list"), kernel)) {
            MibText.line(out, entry.name(), WIDTH, kernel.memory().u64(icmp + 8L * entry.index()));
        }
        long messages = device.get("stats.icmpv6msgdev");
        types(out, type -> kernel.memory().u64(messages + 8L * type));
    }

    /** Since the lists have no end mark, the counter of rate limits for each host is left out for devices, which have none. */
    private static List<MibList.Entry> ofDevice(List<MibList.Entry> list, Kernel kernel) {
        boolean perHostIsLast = !list.isEmpty() && list.getLast().name().equals(LAST_PER_HOST);
        return perHostIsLast && !MibList.hasEndMark(kernel, "snmp6_icmp6_list") ? list.subList(0, list.size() - 1) : list;
    }

    private static void types(ProcText out, IntToLongFunction counter) {
        for (int type = 0; type < TYPES; type++) {
            String name = TYPE_NAMES.get(type & 0xff);
            if (name != null) {
                MibText.line(out, direction(type) + name, WIDTH, counter.applyAsLong(type));
            }
        }
        for (int type = 0; type < TYPES; type++) {
            long value = counter.applyAsLong(type);
            if (value != 0) {
                MibText.line(out, direction(type) + "Type" + (type & 0xff), WIDTH, value);
            }
        }
    }

    private static String direction(int type) {
        return (type & OUT) != 0 ? "Icmp6Out" : "Icmp6In";
    }
}
