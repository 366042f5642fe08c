package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.Conntrack;
import io.scwatcher.kernel.net.InetSock;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.vprocfs.ProcText;

/**
 * nf_conntrack, nf_conntrack_expect and stat/nf_conntrack (net/netfilter/nf_conntrack_standalone.c, ct_seq_show,
 * ct_cpu_seq_show; nf_conntrack_expect.c, exp_seq_show).
 */
final class ConntrackFiles {
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int DCCP = 33;
    private static final int GRE = 47;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;
    private static final int UDPLITE = 136;
    private static final int BOTH_DIRECTIONS = 3;
    private static final int IPV4 = 2;
    private static final String[] TCP_STATES = {"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
        "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"};
    private static final String[] SCTP_STATES = {"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED",
        "SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT", "HEARTBEAT_ACKED"};
    private static final String STATISTICS_HEADER = "entries  clashres found new invalid ignore delete %s insert "
            + "insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart\n";
    private static final String[] STATISTICS = {"clash_resolve", "found", "", "invalid", "", "", "chaintoolong", "insert",
        "insert_failed", "drop", "early_drop", "error", "expect_new", "expect_create", "expect_delete", "search_restart"};

    private ConntrackFiles() {}

    static void connections(NetNamespace net, ProcText out) {
        Jiffies jiffies = Jiffies.of(net.kernel());
        for (Conntrack.Connection each : new Conntrack(net).connections()) {
            boolean expired = each.ticksLeft(jiffies.now()) <= 0 && each.is("IPS_CONFIRMED_BIT", 3)
                    && !each.is("IPS_DYING_BIT", 9);
            if (!expired) {
                connection(each, jiffies, out);
            }
        }
    }

    /** The reader holds a reference while it prints. */
    private static void connection(Conntrack.Connection connection, Jiffies jiffies, ProcText out) {
        KObject original = connection.tuple(0);
        Kernel kernel = original.kernel();
        int family = original.getInt("src.l3num");
        int protocol = original.getInt("dst.protonum");
        boolean offloaded = connection.is("IPS_OFFLOAD_BIT", 14);
        out.left(family == IPV4 ? "ipv4" : family == 10 ? "ipv6" : "unknown", 8).put(' ').dec(family).put(' ')
                .left(protocolName(kernel, protocol), 8).put(' ').dec(protocol).put(' ');
        if (!offloaded) {
            out.dec(Math.max(0, connection.ticksLeft(jiffies.now())) / jiffies.hertz()).put(' ');
        }
        state(connection.object(), protocol, offloaded, jiffies, out);
        tuple(original, protocol, out);
        zone(connection.object(), 1, "zone-orig=", out);
        traffic(connection.traffic(0), out);
        out.put(connection.is("IPS_SEEN_REPLY_BIT", 1) ? "" : "[UNREPLIED] ");
        tuple(connection.tuple(1), protocol, out);
        zone(connection.object(), 2, "zone-reply=", out);
        traffic(connection.traffic(1), out);
        if (connection.is("IPS_HW_OFFLOAD_BIT", 15)) {
            out.put("[HW_OFFLOAD] ");
        } else {
            out.put(offloaded ? "[OFFLOAD] " : connection.is("IPS_ASSURED_BIT", 2) ? "[ASSURED] " : "");
        }
        if (connection.object().has("mark")) {
            out.put("mark=").unsigned(connection.object().get("mark")).put(' ');
        }
        zone(connection.object(), BOTH_DIRECTIONS, "zone=", out);
        if (connection.firstSeen() != 0) {
            long age = new Timekeeping(kernel).real() - connection.firstSeen();
            out.put("delta-time=").dec(Math.max(0, age) / 1_000_000_000L).put(' ');
        }
        out.put("use=").dec(connection.object().get(useMember(connection.object())) + 1).put('\n');
    }

    private static String useMember(KObject connection) {
        return connection.has("ct_general.use.refs.counter") ? "ct_general.use.refs.counter" : "ct_general.use.counter";
    }

    private static void state(KObject connection, int protocol, boolean offloaded, Jiffies jiffies, ProcText out) {
        switch (protocol) {
            case TCP -> out.put(offloaded ? "" : name(TCP_STATES, connection.getInt("proto.tcp.state")) + " ");
            case SCTP -> out.put(name(SCTP_STATES, connection.getInt("proto.sctp.state"))).put(' ');
            case GRE -> out.put("timeout=").unsigned(connection.get("proto.gre.timeout") / jiffies.hertz())
                    .put(", stream_timeout=").unsigned(connection.get("proto.gre.stream_timeout") / jiffies.hertz())
                    .put(' ');
            default -> { }
        }
    }

    private static String name(String[] names, int state) {
        return state >= 0 && state < names.length ? names[state] : "UNKNOWN";
    }

    /** {@code print_tuple}. */
    private static void tuple(KObject tuple, int protocol, ProcText out) {
        address(tuple, "src", out);
        address(tuple, "dst", out);
        int from = InetSock.networkToHost(tuple.getInt("src.u.all"));
        int to = InetSock.networkToHost(tuple.getInt("dst.u.all"));
        switch (protocol) {
            case ICMP, ICMPV6 -> out.put("type=").dec(tuple.get("dst.u.icmp.type")).put(" code=")
                    .dec(tuple.get("dst.u.icmp.code")).put(" id=").dec(from).put(' ');
            case TCP, UDP, UDPLITE, DCCP, SCTP -> out.put("sport=").dec(from).put(" dport=").dec(to).put(' ');
            case GRE -> out.put("srckey=0x").hex(from).put(" dstkey=0x").hex(to).put(' ');
            default -> { }
        }
    }

    private static void address(KObject tuple, String end, ProcText out) {
        out.put(end).put('=');
        if (tuple.getInt("src.l3num") == IPV4) {
            int word = tuple.getInt(end + ".u3.ip");
            out.put(AddressText.dotted(Integer.toUnsignedLong(InetSock.networkToHost32(word))));
        } else {
            AddressText.grouped6(out, tuple.at(end + ".u3.in6"));
        }
        out.put(' ');
    }

    private static void zone(KObject connection, int direction, String label, ProcText out) {
        if (connection.has("zone") && connection.getInt("zone.dir") == direction) {
            out.put(label).dec(connection.get("zone.id")).put(' ');
        }
    }

    private static void traffic(long[] packetsAndBytes, ProcText out) {
        if (packetsAndBytes != null) {
            out.put("packets=").unsigned(packetsAndBytes[0]).put(" bytes=").unsigned(packetsAndBytes[1]).put(' ');
        }
    }

    /** DCCP and UDP-Lite went with 7.1. */
    private static String protocolName(Kernel kernel, int protocol) {
        return switch (protocol) {
            case ICMP -> "icmp";
            case TCP -> "tcp";
            case UDP -> "udp";
            case GRE -> "gre";
            case SCTP -> "sctp";
            case ICMPV6 -> "icmpv6";
            case DCCP -> kernel.symbols().has("udplite_table") ? "dccp" : "unknown";
            case UDPLITE -> kernel.symbols().has("udplite_table") ? "udplite" : "unknown";
            default -> "unknown";
        };
    }

    /** A timer each until 6.12, since then (and in some stable kernels) a time in jiffies. */
    static void expectations(NetNamespace net, ProcText out) {
        Jiffies jiffies = Jiffies.of(net.kernel());
        for (KObject each : new Conntrack(net).expectations()) {
            if (each.has("timeout.expires")) {
                boolean pending = each.get("timeout.entry.pprev") != 0;
                long left = pending ? (each.get("timeout.expires") - jiffies.now()) / jiffies.hertz() : 0;
                out.put(each.get("timeout.function") == 0 ? "-" : Long.toString(left));
            } else {
                int left = each.getInt("timeout") - (int) jiffies.now();
                if (left <= 0) {
                    continue;
                }
                out.dec(left / jiffies.hertz());
            }
            out.put(" l3proto = ").dec(each.get("tuple.src.l3num")).put(" proto=").dec(each.get("tuple.dst.protonum"));
            tuple(each.at("tuple"), each.getInt("tuple.dst.protonum"), out.put(' '));
            flags(each, out);
            out.put('\n');
        }
    }

    private static void flags(KObject expectation, ProcText out) {
        long flags = expectation.get("flags");
        String[] names = {"PERMANENT", "INACTIVE", "USERSPACE"};
        String separator = "";
        for (int i = 0; i < names.length; i++) {
            if ((flags >>> i & 1) != 0) {
                out.put(separator).put(names[i]);
                separator = i < 2 ? "," : separator;
            }
        }
        KObject helper = expectation.ptr("helper");
        if (!helper.isNull()) {
            out.put(flags != 0 ? " " : "").put(helper.string("name", 16));
            String policy = helper.ptr("expect_policy").index(expectation.get("class")).string("name", 16);
            out.put(policy.isEmpty() ? "" : "/" + policy);
        }
    }

    static void statistics(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        Conntrack conntrack = new Conntrack(net);
        boolean chains = kernel.types().struct("ip_conntrack_stat").has("chaintoolong");
        out.put(STATISTICS_HEADER.formatted(chains ? "chainlength" : "delete_list"));
        for (int cpu : kernel.possibleCpus()) {
            KObject counters = conntrack.statistics(cpu);
            out.hex(conntrack.count() & 0xffff_ffffL, 8).put(' ');
            for (int i = 0; i < STATISTICS.length; i++) {
                out.put(i == 12 ? "  " : " ").hex(STATISTICS[i].isEmpty() ? 0 : counters.getOr(STATISTICS[i], 0), 8);
            }
            out.put('\n');
        }
    }
}
