package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;

/**
 * RTM_NEWADDR: IPv4 and IPv6 addresses (net/ipv4/devinet.c, inet_fill_ifaddr; net/ipv6/addrconf.c, inet6_fill_ifaddr;
 * include/uapi/linux/if_addr.h).
 */
final class AddressMessages {
    private static final int RTM_NEWADDR = 20;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_LABEL = 3;
    private static final int IFA_BROADCAST = 4;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_RT_PRIORITY = 9;
    private static final int IFA_PROTO = 11;
    private static final int IFA_F_PERMANENT = 0x80;
    private static final long INFINITY = 0xffff_ffffL;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_SITE = 200;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RT_SCOPE_HOST = 254;

    private final NetNamespace net;
    private final Jiffies jiffies;

    AddressMessages(NetNamespace net) {
        this.net = net;
        this.jiffies = Jiffies.of(net.kernel());
    }

    void answer(NetlinkRequest request, NetlinkReply reply) {
        int index = request.u32(4);
        for (int family : new int[] {RouteNetlink.AF_INET, RouteNetlink.AF_INET6}) {
            if (!RouteNetlink.wants(request, family)) {
                continue;
            }
            for (NetDevice device : NetDevice.byIndex(net)) {
                if (index == 0 || device.index() == index) {
                    addresses(device, family, reply);
                }
            }
        }
    }

    private void addresses(NetDevice device, int family, NetlinkReply out) {
        KObject owner = family == RouteNetlink.AF_INET ? InetDevice.ipv4(device) : InetDevice.ipv6(device);
        if (owner == null) {
            return;
        }
        if (family == RouteNetlink.AF_INET) {
            for (KObject address : InetDevice.chain(owner, "ifa_list", "ifa_next")) {
                ipv4(device, address, out);
            }
        } else {
            for (KObject address : Lists.list(owner.at("addr_list"), "inet6_ifaddr", "if_list")) {
                ipv6(device, address, out);
            }
        }
    }

    private void ipv4(NetDevice device, KObject address, NetlinkReply out) {
        long flags = address.get("ifa_flags") & 0xffff_ffffL;
        header(out, RouteNetlink.AF_INET, address.get("ifa_prefixlen"), flags, address.get("ifa_scope"), device);
        word(out, IFA_ADDRESS, address.get("ifa_address"));
        word(out, IFA_LOCAL, address.get("ifa_local"));
        word(out, IFA_BROADCAST, address.get("ifa_broadcast"));
        String label = address.string("ifa_label", NetDevice.NAME_SIZE);
        if (!label.isEmpty()) {
            out.attribute(IFA_LABEL, label);
        }
        common(out, address, "ifa_proto", "ifa_rt_priority", flags);
        cache(out, flags, address.get("ifa_preferred_lft"), address.get("ifa_valid_lft"), address.get("ifa_cstamp"), address.get("ifa_tstamp"));
    }

    private void ipv6(NetDevice device, KObject address, NetlinkReply out) {
        long flags = address.get("flags") & 0xffff_ffffL;
        header(out, RouteNetlink.AF_INET6, address.get("prefix_len"), flags, scope(address.getInt("scope")), device);
        byte[] own = Bytes.of(address.at("addr"), 16);
        byte[] peer = Bytes.of(address.at("peer_addr"), 16);
        if (Bytes.isZero(peer)) {
            out.attribute(IFA_ADDRESS, own);
        } else {
            out.attribute(IFA_LOCAL, own).attribute(IFA_ADDRESS, peer);
        }
        common(out, address, "ifa_proto", "rt_priority", flags);
        cache(out, flags, address.get("prefered_lft"), address.get("valid_lft"), address.get("cstamp"), address.get("tstamp"));
    }

    private static void header(NetlinkReply out, int family, long prefix, long flags, long scope, NetDevice device) {
        out.begin(RTM_NEWADDR).u8(family).u8(prefix).u8(flags).u8(scope).u32(device.index());
    }

    private static void word(NetlinkReply out, int type, long address) {
        if (address != 0) {
            out.attribute32(type, address);
        }
    }

    private static void common(NetlinkReply out, KObject address, String protocol, String priority, long flags) {
        if (address.getOr(protocol, 0) != 0) {
            out.attribute8(IFA_PROTO, address.get(protocol));
        }
        out.attribute32(IFA_FLAGS, flags);
        if (address.get(priority) != 0) {
            out.attribute32(IFA_RT_PRIORITY, address.get(priority));
        }
    }

    /** {@code struct ifa_cacheinfo}: lifetimes in seconds, what is left of them, and stamps in hundredths of a second. */
    private void cache(NetlinkReply out, long flags, long preferred, long valid, long created, long updated) {
        long age = (jiffies.now() - updated) / jiffies.hertz();
        boolean permanent = (flags & IFA_F_PERMANENT) != 0;
        int place = out.nest(IFA_CACHEINFO);
        out.u32(permanent ? INFINITY : left(preferred & INFINITY, age)).u32(permanent ? INFINITY : left(valid & INFINITY, age));
        out.u32(stamp(created)).u32(stamp(updated));
        out.end(place);
    }

    private static long left(long lifetime, long age) {
        return lifetime == INFINITY ? INFINITY : Math.max(0, lifetime - age);
    }

    /** {@code cstamp_delta}. */
    private long stamp(long at) {
        return (at - initialJiffies()) * 100 / jiffies.hertz();
    }

    /** {@code INITIAL_JIFFIES}: the counter starts five minutes before it wraps at 32 bits. */
    private long initialJiffies() {
        return (-300L * jiffies.hertz()) & 0xffff_ffffL;
    }

    /** {@code rt_scope}: from the address types of include/net/ipv6.h. */
    private static int scope(int type) {
        if ((type & 0x10) != 0) {
            return RT_SCOPE_HOST;
        }
        if ((type & 0x20) != 0) {
            return RT_SCOPE_LINK;
        }
        return (type & 0x40) != 0 ? RT_SCOPE_SITE : RT_SCOPE_UNIVERSE;
    }
}
