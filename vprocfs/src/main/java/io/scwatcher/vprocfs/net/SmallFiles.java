package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.mm.PerCpuCounter;
import io.scwatcher.kernel.net.Connector;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.Mib;
import io.scwatcher.kernel.net.MibList;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.ProcText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Files of a few lines each; every method names the kernel function that it follows. */
final class SmallFiles {
    private static final int FLOW_LABEL_BUCKETS = 256;
    private static final int FLOW_LABEL_PROCESS = 2;
    private static final int FLOW_LABEL_USER = 3;
    private static final int ROUTE_CLASSES = 256;
    private static final int SCHEDULER_TICK_NANOS = 64;

    private SmallFiles() {}

    /** net/ipv6/route.c, rt6_stats_seq_show. */
    static void rt6Stats(NetNamespace net, ProcText out) {
        KObject statistics = net.net().ptr("ipv6.rt6_stats");
        long entries = Math.max(0, PerCpuCounter.sum(net.net().at("ipv6.ip6_dst_ops.pcpuc_entries")));
        long[] columns = {statistics.get("fib_nodes"), statistics.get("fib_route_nodes"), statistics.get("fib_rt_alloc"),
            statistics.get("fib_rt_entries"), statistics.get("fib_rt_cache"), entries,
            statistics.get("fib_discarded_routes")};
        for (int i = 0; i < columns.length; i++) {
            out.put(i == 0 ? "" : " ").hex(columns[i] & 0xffff_ffffL, 4);
        }
        out.put('\n');
    }

    /** net/ipv4/route.c, rt_cache_seq_show: the header of a table that has been empty since 3.6. */
    static void rtCache(NetNamespace net, ProcText out) {
        out.left("Iface\tDestination\tGateway \tFlags\t\tRefCnt\tUse\tMetric\tSource\t\tMTU\tWindow\tIRTT\tTOS\tHHRef\t"
                + "HHUptod\tSpecDst", 127).put('\n');
    }

    /** net/ipv4/route.c, rt_acct_proc_show: binary. */
    static void rtAcct(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        long counters = kernel.memory().u64(kernel.address("ip_rt_acct"));
        int words = ROUTE_CLASSES * 4;
        byte[] sum = new byte[words * Integer.BYTES];
        ByteBuffer sums = ByteBuffer.wrap(sum).order(ByteOrder.LITTLE_ENDIAN);
        byte[] own = new byte[sum.length];
        ByteBuffer owns = ByteBuffer.wrap(own).order(ByteOrder.LITTLE_ENDIAN);
        for (int cpu : kernel.possibleCpus()) {
            kernel.memory().read(kernel.perCpu(counters, cpu), own, 0, own.length);
            for (int i = 0; i < sum.length; i += Integer.BYTES) {
                sums.putInt(i, sums.getInt(i) + owns.getInt(i));
            }
        }
        out.put(sum, 0, sum.length);
    }

    /** net/sched/sch_api.c, psched_show. */
    static void psched(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        long resolution = Math.max(1, kernel.memory().u32(kernel.address("hrtimer_resolution")));
        out.hex(1000, 8).put(' ').hex(SCHEDULER_TICK_NANOS, 8).put(' ').hex(1_000_000, 8)
                .put(' ').hex(1_000_000_000L / resolution, 8).put('\n');
    }

    /** drivers/connector/connector.c, cn_proc_show. */
    static void connector(NetNamespace net, ProcText out) {
        out.put("Name            ID\n");
        for (KObject each : Connector.callbacks(net.kernel())) {
            out.left(each.string("id.name", 32), 15).put(' ').unsigned(each.get("id.id.idx"))
                    .put(':').unsigned(each.get("id.id.val")).put('\n');
        }
    }

    /** net/xfrm/xfrm_proc.c, xfrm_statistics_seq_show. */
    static void xfrmStat(NetNamespace net, ProcText out) {
        MibText.lines(out, 24, MibList.read(net.kernel(), "xfrm_mib_list"), new Mib(net), "xfrm_statistics");
    }

    /** net/tls/tls_proc.c, tls_statistics_seq_show. */
    static void tlsStat(NetNamespace net, ProcText out) {
        MibText.lines(out, 32, MibList.read(net.kernel(), "tls", "tls_mib_list"), new Mib(net), "tls_statistics");
    }

    /** net/sctp/proc.c, sctp_snmp_seq_show. */
    static void sctpSnmp(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        long counters = net.net().get("sctp.sctp_statistics");
        for (MibList.Entry entry : MibList.read(kernel, "sctp", "sctp_snmp_list")) {
            out.left(entry.name(), 32).put('\t').dec(Mib.folded(kernel, counters, entry.index())).put('\n');
        }
    }

    /** net/ipv6/ip6_flowlabel.c, ip6fl_seq_show. */
    static void flowLabels(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        Jiffies jiffies = Jiffies.of(kernel);
        out.put("Label S Owner  Users  Linger Expires  Dst                              Opt\n");
        long table = kernel.address("fl_ht");
        for (int bucket = 0; bucket < FLOW_LABEL_BUCKETS; bucket++) {
            KObject label = kernel.at(kernel.memory().u64(table + 8L * bucket), "ip6_flowlabel");
            for (int length = 0; !label.isNull() && length < 1 << 16; length++) {
                if (label.get("fl_net") == net.address()) {
                    flowLabel(label, jiffies, out);
                }
                label = label.ptr("next");
            }
        }
    }

    private static void flowLabel(KObject label, Jiffies jiffies, ProcText out) {
        int share = label.getInt("share");
        long owner = switch (share) {
            case FLOW_LABEL_PROCESS -> label.ptr("owner.pid").at("numbers").index(0).get("nr");
            case FLOW_LABEL_USER -> label.get("owner.uid.val");
            default -> 0;
        };
        KObject options = label.ptr("opt");
        int host = Integer.reverseBytes(label.getInt("label"));
        out.upperHex(Integer.toUnsignedLong(host), 5).put(' ').dec(share)
                .put(' ').left(Long.toString(owner), 6).put(' ').left(Long.toString(label.getInt("users.counter")), 6)
                .put(' ').left(Long.toString(label.get("linger") / jiffies.hertz()), 6)
                .put(' ').left(Long.toString((label.get("expires") - jiffies.now()) / jiffies.hertz()), 8).put(' ');
        AddressText.plain6(out, label.at("dst"));
        out.put(' ').left(options.isNull() ? "0" : Long.toString(options.get("opt_nflen")), 4).put('\n');
    }

    /** net/wireless/wext-proc.c, wireless_dev_seq_show: what drivers answer is not in memory, so only the header. */
    static void wireless(NetNamespace net, ProcText out) {
        out.put("Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n");
        out.put(" face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\n");
    }

    /** net/netfilter/nf_log.c, seq_show. */
    static void nfLog(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        KObject active = net.net().at("nf.nf_loggers");
        int protocols = ((CType.Array) active.type()).length();
        int kinds = (int) kernel.types().enumerator("NF_LOG_TYPE_MAX").orElse(2);
        long known = kernel.address("loggers");
        for (int protocol = 0; protocol < protocols; protocol++) {
            KObject logger = active.index(protocol).deref();
            out.dec(protocol, 2).put(' ').put(logger.isNull() ? "NONE" : logger.string("name", 64)).put(" (");
            for (int kind = 0; kind < kinds; kind++) {
                KObject each = logger(kernel, known, protocol * kinds + kind);
                if (!each.isNull()) {
                    out.put(each.string("name", 64));
                    boolean another = kind + 1 < kinds && !logger(kernel, known, protocol * kinds + kind + 1).isNull();
                    out.put(kind == 0 && another ? "," : "");
                }
            }
            out.put(")\n");
        }
    }

    private static KObject logger(Kernel kernel, long table, int index) {
        return kernel.at(kernel.memory().u64(table + 8L * index), "nf_logger");
    }
}
