package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.Sock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files below /proc/PID/net whose text is known, by name. Which of them a namespace has, the guest's own
 * {@code net->proc_net} tells.
 */
public final class NetFiles {
    private static final int READABLE_BY_ALL = 0444;
    private static final int READABLE_BY_OWNER = 0440;

    /**
     * @param mode permission bits, where the guest's own tree does not tell them
     */
    public record Entry(int mode, NetFile file) {}

    private static final Map<String, Entry> TABLE = build();

    private NetFiles() {}

    /** All of them; names may contain slashes. */
    public static Map<String, Entry> table() {
        return TABLE;
    }

    /**
     * The file of a path below /proc/PID/net, also of those that are named after devices.
     *
     * @return null if nothing is known of it
     */
    public static Entry find(String path) {
        Entry fixed = TABLE.get(path);
        if (fixed != null) {
            return fixed;
        }
        int slash = path.indexOf('/');
        String name = path.substring(slash + 1);
        return switch (slash < 0 ? "" : path.substring(0, slash)) {
            case "dev_snmp6" -> new Entry(READABLE_BY_ALL, (net, out) -> DeviceFiles.snmp6(net, name, out));
            case "bonding" -> new Entry(READABLE_BY_ALL, (net, out) -> DeviceFiles.bonding(net, name, out));
            case "vlan" -> new Entry(READABLE_BY_OWNER, (net, out) -> DeviceFiles.vlan(net, name, out));
            default -> null;
        };
    }

    private static Map<String, Entry> build() {
        Map<String, Entry> table = new LinkedHashMap<>();
        sockets(table);
        devices(table);
        counters(table);
        routes(table);
        filters(table);
        return Collections.unmodifiableMap(table);
    }

    private static void sockets(Map<String, Entry> table) {
        put(table, "tcp", new TcpFile(Sock.AF_INET));
        put(table, "tcp6", new TcpFile(Sock.AF_INET6));
        put(table, "udp", DatagramFile.udp(Sock.AF_INET));
        put(table, "udp6", DatagramFile.udp(Sock.AF_INET6));
        put(table, "udplite", DatagramFile.udplite(Sock.AF_INET));
        put(table, "udplite6", DatagramFile.udplite(Sock.AF_INET6));
        put(table, "raw", DatagramFile.raw(Sock.AF_INET));
        put(table, "raw6", DatagramFile.raw(Sock.AF_INET6));
        put(table, "icmp", DatagramFile.ping(Sock.AF_INET));
        put(table, "icmp6", DatagramFile.ping(Sock.AF_INET6));
        put(table, "unix", new UnixFile());
        put(table, "packet", new PacketFile());
        put(table, "netlink", new NetlinkFile());
    }

    private static void devices(Map<String, Entry> table) {
        put(table, "dev", new DevFile());
        put(table, "dev_mcast", new DevMcastFile());
        put(table, "softnet_stat", new SoftnetStatFile());
        put(table, "ptype", new PtypeFile());
        ownersOnly(table, "vlan/config", DeviceFiles::vlanConfig);
        put(table, "psched", SmallFiles::psched);
        put(table, "wireless", SmallFiles::wireless);
        put(table, "connector", SmallFiles::connector);
    }

    private static void counters(Map<String, Entry> table) {
        put(table, "snmp", new SnmpFile());
        put(table, "snmp6", new Snmp6File());
        put(table, "netstat", new NetstatFile());
        put(table, "sockstat", SockstatFile::print);
        put(table, "sockstat6", SockstatFile::print6);
        put(table, "protocols", new ProtocolsFile());
        put(table, "stat/arp_cache", StatFiles::arpCache);
        put(table, "stat/ndisc_cache", StatFiles::ndiscCache);
        put(table, "stat/rt_cache", StatFiles::rtCache);
        put(table, "rt6_stats", SmallFiles::rt6Stats);
        put(table, "rt_acct", SmallFiles::rtAcct);
        put(table, "xfrm_stat", SmallFiles::xfrmStat);
        put(table, "tls_stat", SmallFiles::tlsStat);
    }

    private static void routes(Map<String, Entry> table) {
        put(table, "route", new RouteFile());
        put(table, "fib_trie", new FibTrieFile());
        put(table, "fib_triestat", new FibTrieStatFile());
        put(table, "ipv6_route", new Ipv6RouteFile());
        put(table, "if_inet6", new IfInet6File());
        put(table, "arp", new ArpFile());
        put(table, "rt_cache", SmallFiles::rtCache);
        put(table, "ip6_flowlabel", SmallFiles::flowLabels);
        put(table, "ip_mr_vif", MulticastRoutingFiles::interfaces);
        put(table, "ip_mr_cache", MulticastRoutingFiles::routes);
        put(table, "ip6_mr_vif", MulticastRoutingFiles::interfaces6);
        put(table, "ip6_mr_cache", MulticastRoutingFiles::routes6);
        put(table, "igmp", MulticastFiles::igmp);
        put(table, "igmp6", MulticastFiles::igmp6);
        put(table, "mcfilter", MulticastFiles::igmpSources);
        put(table, "mcfilter6", MulticastFiles::igmp6Sources);
        put(table, "anycast6", MulticastFiles::anycast6);
    }

    private static void filters(Map<String, Entry> table) {
        ownersOnly(table, "nf_conntrack", ConntrackFiles::connections);
        ownersOnly(table, "nf_conntrack_expect", ConntrackFiles::expectations);
        put(table, "stat/nf_conntrack", ConntrackFiles::statistics);
        put(table, "netfilter/nf_log", SmallFiles::nfLog);
        put(table, "sctp/snmp", SmallFiles::sctpSnmp);
        put(table, "sctp/eps", SctpFiles::endpoints);
        put(table, "sctp/assocs", SctpFiles::associations);
        put(table, "sctp/remaddr", SctpFiles::remoteAddresses);
        families(table, "ip", TablesFiles.IPV4);
        families(table, "arp", TablesFiles.ARP);
        families(table, "ip6", TablesFiles.IPV6);
    }

    private static void families(Map<String, Entry> table, String prefix, int family) {
        ownersOnly(table, prefix + "_tables_names", TablesFiles.names(family));
        ownersOnly(table, prefix + "_tables_matches", TablesFiles.matches(family));
        ownersOnly(table, prefix + "_tables_targets", TablesFiles.targets(family));
    }

    private static void ownersOnly(Map<String, Entry> table, String name, NetFile file) {
        table.put(name, new Entry(READABLE_BY_OWNER, file));
    }

    private static void put(Map<String, Entry> table, String name, NetFile file) {
        table.put(name, new Entry(READABLE_BY_ALL, file));
    }
}
