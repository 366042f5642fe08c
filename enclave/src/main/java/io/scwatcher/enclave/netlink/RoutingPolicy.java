package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.util.HashSet;
import java.util.Set;

/** Which tables are asked for a way, in which order: the rules of a family (net/core/fib_rules.c, fib_rules_lookup; net/ipv4/fib_rules.c; net/ipv6/fib6_rules.c). */
final class RoutingPolicy {
    private static final int LOOPBACK = 1;
    private static final int FR_ACT_TO_TBL = 1, FR_ACT_GOTO = 2, FR_ACT_NOP = 3, FR_ACT_BLACKHOLE = 6, FR_ACT_PROHIBIT = 8;
    private static final int FIB_RULE_INVERT = 2;
    /** What of a traffic class routing looks at: IPTOS_RT_MASK; DSCP alone since rules have one. */
    private static final int TOS_MASK = 0x1e, DSCP_MASK = 0xfc;
    private static final long ANYBODY = 0xffff_ffffL;

    private final NetNamespace net;
    private final int family;

    RoutingPolicy(NetNamespace net, int family) {
        this.net = net;
        this.family = family;
    }

    /** What a table knows of a way. */
    interface Answer {
        /** Bits of the destination that decided. */
        int prefixLength();

        /** {@code group} of the device; 0 is the default's. */
        int deviceGroup();
    }

    /** Asks a table; null if it knows no way, or says "throw". Throws what forbids one. */
    interface Table<T extends Answer> {
        T ask(int number);
    }

    /** Asks the tables that the rules name, until one answers; null if none does. @throws VfsException the error of a rule or a route that forbids the way */
    <T extends Answer> T lookup(Flow flow, Table<T> tables) {
        KObject rules = rules();
        Set<Long> jumps = new HashSet<>();
        KObject from = null;
        boolean more = rules != null;
        while (more) {
            more = false;
            boolean skipping = from != null;
            for (KObject rule : Lists.list(rules.at("rules_list"), "fib_rule", "list")) {
                skipping &= rule.address() != from.address();
                if (skipping || !matches(rule, flow)) {
                    continue;
                }
                int action = rule.getInt("action");
                if (action == FR_ACT_GOTO) {
                    KObject target = rule.ptr("ctarget");
                    if (target.isNull()) {
                        continue;
                    }
                    // Rules jump forwards only; broken ones must not lead in circles.
                    more = jumps.add(rule.address());
                    from = target;
                    break;
                }
                T found = action == FR_ACT_NOP ? null : act(rule, action, tables);
                if (found != null && !suppressed(rule, found)) {
                    return found;
                }
            }
        }
        return null;
    }

    private KObject rules() {
        for (KObject operations : Lists.list(net.net().at("rules_ops"), "fib_rules_ops", "list")) {
            if (operations.getInt("family") == family) {
                return operations;
            }
        }
        return null;
    }

    private static <T extends Answer> T act(KObject rule, int action, Table<T> tables) {
        return switch (action) {
            case FR_ACT_TO_TBL -> tables.ask(rule.getInt("table"));
            case FR_ACT_PROHIBIT -> throw new VfsException(Errno.EACCES);
            case FR_ACT_BLACKHOLE -> throw new VfsException(Errno.EINVAL);
            default -> throw new VfsException(Errno.ENETUNREACH);
        };
    }

    private static boolean suppressed(KObject rule, Answer found) {
        int group = rule.getInt("suppress_ifgroup");
        return found.prefixLength() <= rule.getInt("suppress_prefixlen") || group != -1 && found.deviceGroup() == group;
    }

    private boolean matches(KObject rule, Flow flow) {
        boolean inverted = (rule.get("flags") & FIB_RULE_INVERT) != 0;
        return inverted != (matchesCommon(rule, flow) && matchesFamily(rule, flow));
    }

    private static boolean matchesCommon(KObject rule, Flow flow) {
        int in = rule.getInt("iifindex");
        int out = rule.getInt("oifindex");
        long user = flow.user() & ANYBODY;
        return (in == 0 || in == LOOPBACK) && (out == 0 || out == flow.device()) && ((rule.getInt("mark") ^ flow.mark()) & rule.getInt("mark_mask")) == 0
                && rule.get("tun_id") == 0 && rule.getOr("l3mdev", 0) == 0
                && user >= (rule.get("uid_range.start.val") & ANYBODY) && user <= (rule.get("uid_range.end.val") & ANYBODY);
    }

    private boolean matchesFamily(KObject rule, Flow flow) {
        boolean ipv6 = family == RouteNetlink.AF_INET6;
        KObject own = rule.containerOf(ipv6 ? "fib6_rule" : "fib4_rule", "common");
        int length = ipv6 ? 16 : 4;
        return Flow.isWithin(flow.destination(), Bytes.of(own.at(ipv6 ? "dst.addr" : "dst"), length), own.getInt(ipv6 ? "dst.plen" : "dst_len"))
                && Flow.isWithin(flow.source(), Bytes.of(own.at(ipv6 ? "src.addr" : "src"), length), own.getInt(ipv6 ? "src.plen" : "src_len"))
                && matchesClass(own, flow) && (rule.get("ip_proto") == 0 || rule.get("ip_proto") == flow.protocol())
                && inRange(rule.at("sport_range"), flow.sourcePort()) && inRange(rule.at("dport_range"), flow.destinationPort());
    }

    private static boolean matchesClass(KObject own, Flow flow) {
        long wanted = own.has("dscp") ? own.get("dscp") : own.has("tclass") ? own.get("tclass") : own.getOr("tos", 0);
        int mask = own.has("dscp") ? DSCP_MASK : own.has("tclass") ? 0xff : TOS_MASK;
        return wanted == 0 && own.getOr("dscp_full", 0) == 0 || ((wanted ^ flow.trafficClass()) & mask) == 0;
    }

    /** Ports of a rule; a range that ends in 0 is none. */
    private static boolean inRange(KObject range, int port) {
        int last = range.getInt("end");
        return last == 0 || port >= range.getInt("start") && port <= last;
    }
}
