package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;

/** RTM_NEWRULE: routing policy rules (net/core/fib_rules.c, fib_nl_fill_rule; include/uapi/linux/fib_rules.h). */
final class RuleMessages {
    private static final int RTM_NEWRULE = 32;
    private static final int FRA_DST = 1;
    private static final int FRA_SRC = 2;
    private static final int FRA_IIFNAME = 3;
    private static final int FRA_GOTO = 4;
    private static final int FRA_PRIORITY = 6;
    private static final int FRA_FWMARK = 10;
    private static final int FRA_SUPPRESS_IFGROUP = 13;
    private static final int FRA_SUPPRESS_PREFIXLEN = 14;
    private static final int FRA_TABLE = 15;
    private static final int FRA_FWMASK = 16;
    private static final int FRA_OIFNAME = 17;
    private static final int FRA_L3MDEV = 19;
    private static final int FRA_UID_RANGE = 20;
    private static final int FRA_PROTOCOL = 21;
    private static final int FR_ACT_GOTO = 2;
    private static final int FIB_RULE_INVERT = 2;

    private final NetNamespace net;

    RuleMessages(NetNamespace net) {
        this.net = net;
    }

    void answer(NetlinkRequest request, NetlinkReply reply) {
        int wanted = request.u8(0);
        boolean known = wanted == 0;
        for (KObject operations : Lists.list(net.net().at("rules_ops"), "fib_rules_ops", "list")) {
            int family = operations.getInt("family");
            if (wanted == 0 || wanted == family) {
                known = true;
                for (KObject rule : Lists.list(operations.at("rules_list"), "fib_rule", "list")) {
                    write(family, rule, reply);
                }
            }
        }
        if (!known) {
            throw new VfsException(Errno.EAFNOSUPPORT);
        }
    }

    private static void write(int family, KObject rule, NetlinkReply out) {
        // The families' own rules begin with the common one (net/ipv4/fib_rules.c, net/ipv6/fib6_rules.c).
        KObject own = family == RouteNetlink.AF_INET ? rule.containerOf("fib4_rule", "common")
                : family == RouteNetlink.AF_INET6 ? rule.containerOf("fib6_rule", "common") : null;
        boolean ipv6 = family == RouteNetlink.AF_INET6;
        long destinationLength = own == null ? 0 : own.get(ipv6 ? "dst.plen" : "dst_len");
        long sourceLength = own == null ? 0 : own.get(ipv6 ? "src.plen" : "src_len");
        long table = rule.get("table") & 0xffff_ffffL;
        long action = rule.get("action");
        out.begin(RTM_NEWRULE).u8(family).u8(destinationLength).u8(sourceLength).u8(typeOfService(own)).u8(table < 256 ? table : 0).u8(0).u8(0)
                .u8(action).u32(rule.get("flags") & FIB_RULE_INVERT);
        out.attribute32(FRA_TABLE, table).attribute32(FRA_SUPPRESS_PREFIXLEN, rule.get("suppress_prefixlen")).attribute8(FRA_PROTOCOL, rule.get("proto"));
        if (action == FR_ACT_GOTO) {
            out.attribute32(FRA_GOTO, rule.get("target"));
        }
        name(out, FRA_IIFNAME, rule, "iifname");
        name(out, FRA_OIFNAME, rule, "oifname");
        positive(out, FRA_PRIORITY, rule.get("pref"));
        positive(out, FRA_FWMARK, rule.get("mark"));
        if ((rule.get("mark") | rule.get("mark_mask")) != 0) {
            out.attribute32(FRA_FWMASK, rule.get("mark_mask"));
        }
        if (rule.getOr("l3mdev", 0) != 0) {
            out.attribute8(FRA_L3MDEV, rule.get("l3mdev"));
        }
        long firstUser = rule.get("uid_range.start.val") & 0xffff_ffffL;
        long lastUser = rule.get("uid_range.end.val") & 0xffff_ffffL;
        if (firstUser != 0 || lastUser != 0xffff_ffffL) {
            int place = out.nest(FRA_UID_RANGE);
            out.u32(firstUser).u32(lastUser);
            out.end(place);
        }
        if (rule.getInt("suppress_ifgroup") != -1) {
            out.attribute32(FRA_SUPPRESS_IFGROUP, rule.get("suppress_ifgroup"));
        }
        if (destinationLength != 0) {
            out.attribute(FRA_DST, ipv6 ? Bytes.of(own.at("dst.addr"), 16) : Bytes.of(own.at("dst"), 4));
        }
        if (sourceLength != 0) {
            out.attribute(FRA_SRC, ipv6 ? Bytes.of(own.at("src.addr"), 16) : Bytes.of(own.at("src"), 4));
        }
    }

    private static long typeOfService(KObject own) {
        return own == null ? 0 : own.has("dscp") ? own.get("dscp") : own.has("tclass") ? own.get("tclass") : own.getOr("tos", 0);
    }

    private static void name(NetlinkReply out, int type, KObject rule, String member) {
        String name = rule.string(member, NetDevice.NAME_SIZE);
        if (!name.isEmpty()) {
            out.attribute(type, name);
        }
    }

    private static void positive(NetlinkReply out, int type, long value) {
        if (value != 0) {
            out.attribute32(type, value);
        }
    }
}
