package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.mm.PerCpuCounter;
import io.scwatcher.kernel.net.NeighbourTable;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.ReadOnlyText;
import io.scwatcher.vprocfs.ProcText;

/**
 * The files below /proc/net/stat, a line for each CPU: arp_cache and ndisc_cache (net/core/neighbour.c,
 * neigh_stat_seq_show), rt_cache (net/ipv4/route.c, rt_cpu_seq_show). Their columns were aligned between 5.10 and 6.1.
 */
final class StatFiles {
    private static final String OLD_NEIGHBOUR_HEADER = "entries  allocs destroys hash_grows  lookups hits  res_failed  "
            + "rcv_probes_mcast rcv_probes_ucast  periodic_gc_runs forced_gc_runs unresolved_discards table_fulls\n";
    private static final String NEIGHBOUR_HEADER = "entries  allocs   destroys hash_grows lookups  hits     res_failed "
            + "rcv_probes_mcast rcv_probes_ucast periodic_gc_runs forced_gc_runs unresolved_discards table_fulls\n";
    private static final String[] NEIGHBOUR_COUNTERS = {"allocs", "destroys", "hash_grows", "lookups", "hits",
        "res_failed", "rcv_probes_mcast", "rcv_probes_ucast", "periodic_gc_runs", "forced_gc_runs", "unres_discards",
        "table_fulls"};
    private static final int[] OLD_NEIGHBOUR_GAPS = {2, 1, 1, 2, 1, 2, 2, 1, 2, 1, 1, 1};
    private static final int[] NEIGHBOUR_GAPS = {1, 1, 1, 3, 1, 1, 3, 9, 9, 9, 7, 12};

    private static final String OLD_ROUTE_HEADER = "entries  in_hit in_slow_tot in_slow_mc in_no_route in_brd "
            + "in_martian_dst in_martian_src  out_hit out_slow_tot out_slow_mc  gc_total gc_ignored gc_goal_miss "
            + "gc_dst_overflow in_hlist_search out_hlist_search\n";
    private static final String ROUTE_HEADER = "entries  in_hit   in_slow_tot in_slow_mc in_no_route in_brd   "
            + "in_martian_dst in_martian_src out_hit  out_slow_tot out_slow_mc gc_total gc_ignored gc_goal_miss "
            + "gc_dst_overflow in_hlist_search out_hlist_search\n";
    /** An empty name is a column that has been zero since the routing cache went with 3.6. */
    private static final String[] ROUTE_COUNTERS = {"", "in_slow_tot", "in_slow_mc", "in_no_route", "in_brd",
        "in_martian_dst", "in_martian_src", "", "out_slow_tot", "out_slow_mc", "", "", "", "", "", ""};
    private static final int[] OLD_ROUTE_GAPS = {2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1};
    private static final int[] ROUTE_GAPS = {1, 1, 4, 3, 4, 1, 7, 7, 1, 5, 4, 1, 3, 5, 8, 8};

    private StatFiles() {}

    static void arpCache(NetNamespace net, ProcText out) {
        neighbours(NeighbourTable.arp(net.kernel()), out);
    }

    static void ndiscCache(NetNamespace net, ProcText out) {
        neighbours(NeighbourTable.ndisc(net.kernel()), out);
    }

    static void rtCache(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        boolean old = ReadOnlyText.contains(kernel, OLD_ROUTE_HEADER);
        out.put(old ? OLD_ROUTE_HEADER : ROUTE_HEADER);
        long entries = PerCpuCounter.sum(kernel.object("ipv4_dst_ops", "dst_ops").at("pcpuc_entries"));
        for (int cpu : kernel.possibleCpus()) {
            KObject counters = kernel.at(kernel.perCpu(kernel.address("rt_cache_stat"), cpu), "rt_cache_stat");
            line(out, Math.max(0, entries), counters, ROUTE_COUNTERS, old ? OLD_ROUTE_GAPS : ROUTE_GAPS);
            out.put(old ? " \n" : "\n");
        }
    }

    private static void neighbours(NeighbourTable table, ProcText out) {
        Kernel kernel = table.table().kernel();
        boolean old = ReadOnlyText.contains(kernel, OLD_NEIGHBOUR_HEADER);
        out.put(old ? OLD_NEIGHBOUR_HEADER : NEIGHBOUR_HEADER);
        for (int cpu : kernel.possibleCpus()) {
            line(out, table.entries(), table.statistics(cpu), NEIGHBOUR_COUNTERS,
                    old ? OLD_NEIGHBOUR_GAPS : NEIGHBOUR_GAPS);
            out.put('\n');
        }
    }

    private static void line(ProcText out, long entries, KObject counters, String[] names, int[] gaps) {
        out.hex(entries & 0xffff_ffffL, 8);
        for (int i = 0; i < names.length; i++) {
            out.pad(gaps[i], ' ').hex(names[i].isEmpty() ? 0 : counters.getOr(names[i], 0), 8);
        }
    }
}
