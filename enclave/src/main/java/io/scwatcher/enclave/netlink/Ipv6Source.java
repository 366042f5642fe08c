package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import java.util.Arrays;
import java.util.List;

/** Which of its IPv6 addresses the machine uses for a destination: RFC 6724 (net/ipv6/addrconf.c, ipv6_dev_get_saddr; net/ipv6/addrlabel.c). */
final class Ipv6Source {
    private static final int LINK_LOCAL = 2, SITE_LOCAL = 5, GLOBAL = 14;
    private static final int IFA_F_TEMPORARY = 1, IFA_F_OPTIMISTIC = 4, IFA_F_DEPRECATED = 0x20, IFA_F_TENTATIVE = 0x40;
    /** IPV6_ADDR_* that labels and preferences tell apart. */
    private static final int TYPE_LOOPBACK = 0x10, TYPE_MAPPED = 0x1000, TYPE_COMPATIBLE = 0x80;
    private static final int NO_LABEL = -1;
    private static final int TOO_NARROW = 128;
    private static final byte[] ORCHID = {0x20, 0x01, 0, 0x10};
    private static final int ORCHID_BITS = 28;

    private final NetNamespace net;

    Ipv6Source(NetNamespace net) {
        this.net = net;
    }

    /** @param device that packets leave by, or null  @return 16 bytes, or null if no address serves */
    byte[] of(NetDevice device, byte[] destination) {
        KObject owner = device == null ? null : InetDevice.ipv6(device);
        boolean ownOnly = device != null && (isMulticast(destination) || scope(destination) <= LINK_LOCAL
                || owner != null && owner.getOr("cnf.use_oif_addrs_only", 0) != 0);
        byte[] best = null;
        int[] most = null;
        for (NetDevice each : ownOnly ? List.of(device) : NetDevice.all(net)) {
            KObject holder = InetDevice.ipv6(each);
            for (KObject address : holder == null ? List.<KObject>of() : Lists.list(holder.at("addr_list"), "inet6_ifaddr", "if_list")) {
                byte[] own = Bytes.of(address.at("addr"), 16);
                long flags = address.get("flags");
                boolean tentative = (flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0;
                if (!tentative && !Bytes.isZero(own) && !isMulticast(own)) {
                    int[] score = score(own, address, holder, each.index(), destination, device == null ? 0 : device.index());
                    if (most == null || Arrays.compare(score, most) > 0) {
                        most = score;
                        best = own;
                    }
                }
            }
        }
        return best;
    }

    /** What counts, the weightiest first. */
    private int[] score(byte[] own, KObject address, KObject holder, int index, byte[] destination, int device) {
        long flags = address.get("flags");
        int scope = scope(own);
        boolean special = type(own) != 0;
        boolean temporary = (flags & IFA_F_TEMPORARY) != 0;
        boolean wantsTemporary = holder.getOr("cnf.use_tempaddr", 0) >= 2;
        return new int[] {bit(Arrays.equals(own, destination)), scope >= scope(destination) ? -scope : scope - TOO_NARROW,
            bit(special || (flags & (IFA_F_DEPRECATED | IFA_F_OPTIMISTIC)) == 0), bit(device == 0 || device == index),
            bit(label(own, index) == label(destination, device)), bit(temporary == wantsTemporary),
            bit(Flow.isWithin(own, ORCHID, ORCHID_BITS) == Flow.isWithin(destination, ORCHID, ORCHID_BITS)),
            Math.min(common(own, destination), address.getInt("prefix_len"))};
    }

    /** {@code ipv6_addr_label}: the first entry of the policy table that matches. */
    private int label(byte[] address, int device) {
        if (!net.net().has("ipv6.ip6addrlbl_table.head")) {
            return NO_LABEL;
        }
        for (KObject entry : Lists.hlist(net.net().at("ipv6.ip6addrlbl_table.head"), "ip6addrlbl_entry", "list")) {
            int only = entry.getInt("ifindex");
            int type = entry.getInt("addrtype");
            if ((only == 0 || only == device) && (type == 0 || type == type(address))
                    && Flow.isWithin(address, Bytes.of(entry.at("prefix"), 16), entry.getInt("prefixlen"))) {
                return entry.getInt("label");
            }
        }
        return NO_LABEL;
    }

    static boolean isMulticast(byte[] address) {
        return (address[0] & 0xff) == 0xff;
    }

    static boolean isLinkLocal(byte[] address) {
        return (address[0] & 0xff) == 0xfe && (address[1] & 0xc0) == 0x80;
    }

    static boolean isLoopback(byte[] address) {
        return type(address) == TYPE_LOOPBACK;
    }

    /** {@code __ipv6_addr_src_scope}. */
    private static int scope(byte[] address) {
        if (isMulticast(address)) {
            return address[1] & 0xf;
        }
        boolean site = (address[0] & 0xff) == 0xfe && (address[1] & 0xc0) == 0xc0;
        return Bytes.isZero(address) ? -1 : isLinkLocal(address) || isLoopback(address) ? LINK_LOCAL : site ? SITE_LOCAL : GLOBAL;
    }

    private static int type(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return 0;
            }
        }
        int middle = (address[10] & 0xff) << 8 | address[11] & 0xff;
        boolean upper = address[12] == 0 && address[13] == 0 && address[14] == 0;
        if (middle == 0xffff) {
            return TYPE_MAPPED;
        }
        return middle != 0 || upper && address[15] == 0 ? 0 : upper && address[15] == 1 ? TYPE_LOOPBACK : TYPE_COMPATIBLE;
    }

    /** {@code ipv6_addr_diff}: leading bits that two addresses share. */
    private static int common(byte[] one, byte[] other) {
        int at = Arrays.mismatch(one, other);
        return at < 0 ? 128 : at * 8 + Integer.numberOfLeadingZeros((one[at] ^ other[at]) & 0xff) - 24;
    }

    private static int bit(boolean value) {
        return value ? 1 : 0;
    }
}
