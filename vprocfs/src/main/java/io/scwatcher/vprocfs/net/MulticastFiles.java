package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/**
 * Multicast and anycast memberships for each device: igmp and mcfilter (net/ipv4/igmp.c, igmp_mc_seq_show,
 * igmp_mcf_seq_show), igmp6 and mcfilter6 (net/ipv6/mcast.c), anycast6 (net/ipv6/anycast.c, ac6_seq_show).
 */
final class MulticastFiles {
    private static final int TIMER_RUNNING = 0x01;
    private static final int EXCLUDE = 0;
    private static final int INCLUDE = 1;

    private MulticastFiles() {}

    static void igmp(NetNamespace net, ProcText out) {
        Jiffies jiffies = Jiffies.of(net.kernel());
        out.put("Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n");
        for (NetDevice device : NetDevice.all(net)) {
            KObject ip = InetDevice.ipv4(device);
            boolean first = true;
            for (KObject group : ip == null ? java.util.List.<KObject>of() : InetDevice.chain(ip, "mc_list", "next_rcu")) {
                if (first) {
                    out.dec(device.index()).put('\t').left(device.name(), 10).put(": ").dec(ip.getInt("mc_count"), 5)
                            .put(' ').right(querier(net, ip, jiffies), 7).put('\n');
                    first = false;
                }
                boolean running = group.get("tm_running") != 0;
                long left = running ? jiffies.clockTicksUntil(group.get("timer.expires")) : 0;
                out.put("\t\t\t\t").upperHex(group.get("multiaddr"), 8).put(' ').dec(group.getInt("users"), 5)
                        .put(' ').dec(group.get("tm_running")).put(':').upperHex(left, 8)
                        .put("\t\t").dec(group.get("reporter")).put('\n');
            }
        }
    }

    static void igmpSources(NetNamespace net, ProcText out) {
        out.put("Idx Device        MCA        SRC    INC    EXC\n");
        for (NetDevice device : NetDevice.all(net)) {
            KObject ip = InetDevice.ipv4(device);
            for (KObject group : ip == null ? java.util.List.<KObject>of() : InetDevice.chain(ip, "mc_list", "next_rcu")) {
                for (KObject source : InetDevice.chain(group, "sources", "sf_next")) {
                    device(out, device).put("0x").hex(hostOrder(group.get("multiaddr")), 8)
                            .put(" 0x").hex(hostOrder(source.get("sf_inaddr")), 8);
                    counts(source, out);
                }
            }
        }
    }

    static void igmp6(NetNamespace net, ProcText out) {
        Jiffies jiffies = Jiffies.of(net.kernel());
        for (NetDevice device : NetDevice.all(net)) {
            KObject ip = InetDevice.ipv6(device);
            for (KObject group : ip == null ? java.util.List.<KObject>of() : InetDevice.chain(ip, "mc_list", "next")) {
                long flags = group.get("mca_flags");
                String timer = group.has("mca_work") ? "mca_work.timer.expires" : "mca_timer.expires";
                long left = (flags & TIMER_RUNNING) != 0 ? jiffies.clockTicksUntil(group.get(timer)) : 0;
                out.left(Integer.toString(device.index()), 4).put(' ').left(device.name(), 15).put(' ');
                AddressText.plain6(out, group.at("mca_addr"));
                out.put(' ').dec(group.getInt("mca_users"), 5).put(' ').upperHex(flags, 8).put(' ').dec(left).put('\n');
            }
        }
    }

    static void igmp6Sources(NetNamespace net, ProcText out) {
        out.put("Idx Device                Multicast Address                   Source Address    INC    EXC\n");
        for (NetDevice device : NetDevice.all(net)) {
            KObject ip = InetDevice.ipv6(device);
            for (KObject group : ip == null ? java.util.List.<KObject>of() : InetDevice.chain(ip, "mc_list", "next")) {
                for (KObject source : InetDevice.chain(group, "mca_sources", "sf_next")) {
                    device(out, device);
                    AddressText.plain6(out, group.at("mca_addr"));
                    AddressText.plain6(out.put(' '), source.at("sf_addr"));
                    counts(source, out);
                }
            }
        }
    }

    static void anycast6(NetNamespace net, ProcText out) {
        for (NetDevice device : NetDevice.all(net)) {
            KObject ip = InetDevice.ipv6(device);
            for (KObject each : ip == null ? java.util.List.<KObject>of() : InetDevice.chain(ip, "ac_list", "aca_next")) {
                out.left(Integer.toString(device.index()), 4).put(' ').left(device.name(), 15).put(' ');
                AddressText.plain6(out, each.at("aca_addr"));
                out.put(' ').dec(each.getInt("aca_users"), 5).put('\n');
            }
        }
    }

    /** {@code IGMP_V1_SEEN}, {@code IGMP_V2_SEEN}: forced by a setting, or a querier of that version was heard lately. */
    private static String querier(NetNamespace net, KObject ip, Jiffies jiffies) {
        for (int version = 1; version <= 2; version++) {
            long heard = ip.get("mr_v" + version + "_seen");
            if (forcedVersion(net.net().ptr("ipv4.devconf_all"), net) == version
                    || forcedVersion(ip.at("cnf"), net) == version || heard != 0 && heard - jiffies.now() > 0) {
                return "V" + version;
            }
        }
        return "V3";
    }

    private static long forcedVersion(KObject settings, NetNamespace net) {
        long number = net.kernel().types().enumerator("IPV4_DEVCONF_FORCE_IGMP_VERSION").orElse(0);
        return number == 0 ? 0 : settings.at("data").index(number - 1).value();
    }

    private static ProcText device(ProcText out, NetDevice device) {
        String name = device.name();
        return out.dec(device.index(), 3).put(' ').right(name.substring(0, Math.min(6, name.length())), 6).put(' ');
    }

    private static void counts(KObject source, ProcText out) {
        KObject counts = source.at("sf_count");
        out.put(' ').unsigned(counts.index(INCLUDE).value(), 6).put(' ').unsigned(counts.index(EXCLUDE).value(), 6)
                .put('\n');
    }

    private static long hostOrder(long word) {
        return Integer.toUnsignedLong(Integer.reverseBytes((int) word));
    }
}
