package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.PacketTables;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;

/** ip_tables_names, ip_tables_matches, ip_tables_targets and their IPv6 and ARP sisters (net/netfilter/x_tables.c). */
final class TablesFiles {
    /** {@code NFPROTO_IPV4} and so on. */
    static final int IPV4 = 2;
    static final int ARP = 3;
    static final int IPV6 = 10;

    private TablesFiles() {}

    /** {@code xt_table_seq_show}. */
    static NetFile names(int family) {
        return (net, out) -> lines(PacketTables.tables(net, family), out);
    }

    /** {@code xt_match_seq_show}. */
    static NetFile matches(int family) {
        return (net, out) -> lines(PacketTables.matches(net.kernel(), family), out);
    }

    /** {@code xt_target_seq_show}. */
    static NetFile targets(int family) {
        return (net, out) -> lines(PacketTables.targets(net.kernel(), family), out);
    }

    private static void lines(List<String> names, ProcText out) {
        for (String name : names) {
            out.put(name).put('\n');
        }
    }
}
