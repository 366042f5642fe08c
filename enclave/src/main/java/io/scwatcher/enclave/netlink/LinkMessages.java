package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Idr;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.collection.XArray;
import io.scwatcher.kernel.net.DeviceStatistics;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.LinkState;
import io.scwatcher.kernel.net.LinkStatistics;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** RTM_NEWLINK: network devices (net/core/rtnetlink.c, rtnl_fill_ifinfo; include/uapi/linux/if_link.h). */
public final class LinkMessages {
    private static final int RTM_NEWLINK = 16;
    private static final int IFINFOMSG = 16;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_BROADCAST = 2;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_QDISC = 6;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_PROTINFO = 12;
    private static final int NLA_F_NESTED = 0x8000;
    private static final int AF_BRIDGE = 7;
    private static final int IFLA_TXQLEN = 13;
    private static final int IFLA_OPERSTATE = 16;
    private static final int IFLA_LINKMODE = 17;
    private static final int IFLA_IFALIAS = 20;
    private static final int IFLA_STATS64 = 23;
    private static final int IFLA_GROUP = 27;
    private static final int IFLA_PROMISCUITY = 30;
    private static final int IFLA_NUM_TX_QUEUES = 31;
    private static final int IFLA_NUM_RX_QUEUES = 32;
    private static final int IFLA_CARRIER = 33;
    private static final int IFLA_CARRIER_CHANGES = 35;
    private static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_GSO_MAX_SEGS = 40;
    private static final int IFLA_GSO_MAX_SIZE = 41;
    private static final int IFLA_MIN_MTU = 50;
    private static final int IFLA_MAX_MTU = 51;
    private static final int IFLA_PROP_LIST = 52 | 0x8000;
    private static final int IFLA_ALT_IFNAME = 53;
    private static final int IFLA_PARENT_DEV_NAME = 56;
    private static final int IFLA_PARENT_DEV_BUS_NAME = 57;
    private static final int IFLA_GRO_MAX_SIZE = 58;
    private static final int IFLA_TSO_MAX_SIZE = 59;
    private static final int IFLA_TSO_MAX_SEGS = 60;
    private static final int IFLA_ALLMULTI = 61;
    private static final int IFLA_GSO_IPV4_MAX_SIZE = 63;
    private static final int IFLA_GRO_IPV4_MAX_SIZE = 64;

    private static final int MAX_NAME = 256;

    private final NetNamespace net;

    LinkMessages(NetNamespace net) {
        this.net = net;
    }

    void answer(NetlinkRequest request, NetlinkReply reply) {
        if (request.isDump() && request.u8(0) == RouteNetlink.AF_INET6) {
            NetDevice.byIndex(net).stream().filter(device -> InetDevice.ipv6(device) != null).forEach(device -> writeIpv6(device, reply));
            return;
        }
        if (request.isDump() && request.u8(0) == AF_BRIDGE) {
            NetDevice.byIndex(net).forEach(device -> writePort(device, reply));
            return;
        }
        if (request.isDump()) {
            NetDevice.byIndex(net).forEach(device -> write(device, reply));
            return;
        }
        Map<Integer, byte[]> attributes = request.attributes(IFINFOMSG);
        int index = request.u32(4);
        byte[] name = attributes.getOrDefault(IFLA_ALT_IFNAME, attributes.get(IFLA_IFNAME));
        String wanted = name == null ? null : new String(name, StandardCharsets.ISO_8859_1).replace("\0", "");
        if (index == 0 && wanted == null) {
            throw new VfsException(Errno.EINVAL);
        }
        NetDevice device = NetDevice.byIndex(net).stream()
                .filter(one -> index > 0 ? one.index() == index : one.name().equals(wanted) || alternativeNames(one).contains(wanted))
                .findFirst().orElseThrow(() -> new VfsException(Errno.ENODEV));
        write(device, reply);
    }

    private void write(NetDevice device, NetlinkReply out) {
        KObject dev = device.device();
        LinkState state = LinkState.of(device);
        out.begin(RTM_NEWLINK).u8(0).u8(0).u16(device.hardwareType()).u32(device.index()).u32(state.flags()).u32(0);
        out.attribute(IFLA_IFNAME, device.name()).attribute32(IFLA_TXQLEN, dev.get("tx_queue_len"))
                .attribute8(IFLA_OPERSTATE, state.operational()).attribute8(IFLA_LINKMODE, dev.get("link_mode"))
                .attribute32(IFLA_MTU, dev.get("mtu")).attribute32(IFLA_MIN_MTU, dev.get("min_mtu")).attribute32(IFLA_MAX_MTU, dev.get("max_mtu"))
                .attribute32(IFLA_GROUP, dev.get("group")).attribute32(IFLA_PROMISCUITY, dev.get("promiscuity"))
                .attribute32(IFLA_NUM_TX_QUEUES, dev.get("num_tx_queues")).attribute32(IFLA_NUM_RX_QUEUES, dev.getOr("num_rx_queues", 1))
                .attribute32(IFLA_GSO_MAX_SEGS, dev.get("gso_max_segs")).attribute32(IFLA_GSO_MAX_SIZE, dev.get("gso_max_size"));
        // Members that came later, in the kernels that have them and tell of them.
        optional(dev, "gro_max_size", IFLA_GRO_MAX_SIZE, out);
        optional(dev, "tso_max_size", IFLA_TSO_MAX_SIZE, out);
        optional(dev, "tso_max_segs", IFLA_TSO_MAX_SEGS, out);
        optional(dev, "gso_ipv4_max_size", IFLA_GSO_IPV4_MAX_SIZE, out);
        optional(dev, "gro_ipv4_max_size", IFLA_GRO_IPV4_MAX_SIZE, out);
        if (dev.has("tso_max_size")) {
            out.attribute32(IFLA_ALLMULTI, dev.get("allmulti"));
        }
        link(state, out);
        NetDevice master = state.master();
        if (master != null) {
            out.attribute32(IFLA_MASTER, master.index());
        }
        out.attribute8(IFLA_CARRIER, state.hasCarrier() ? 1 : 0);
        KObject discipline = dev.ptr("qdisc");
        if (!discipline.isNull()) {
            out.attribute(IFLA_QDISC, discipline.ptr("ops").string("id", NetDevice.NAME_SIZE));
        }
        KObject alias = dev.ptr("ifalias");
        if (!alias.isNull()) {
            out.attribute(IFLA_IFALIAS, alias.string("ifalias", MAX_NAME));
        }
        out.attribute32(IFLA_CARRIER_CHANGES, dev.get("carrier_up_count.counter") + dev.get("carrier_down_count.counter"));
        if (device.addressLength() > 0) {
            out.attribute(IFLA_ADDRESS, address(device, dev.get("dev_addr"))).attribute(IFLA_BROADCAST, address(device, dev.at("broadcast").address()));
        }
        statistics(device, out);
        new LinkDetails(device, out).write();
        List<String> names = alternativeNames(device);
        if (!names.isEmpty()) {
            int list = out.nest(IFLA_PROP_LIST);
            names.forEach(name -> out.attribute(IFLA_ALT_IFNAME, name));
            out.end(list);
        }
        parent(dev, out);
    }

    private static void optional(KObject dev, String member, int attribute, NetlinkReply out) {
        if (dev.has(member)) {
            out.attribute32(attribute, dev.get(member));
        }
    }

    /** What a bridge tells of a device that is its port ({@code br_fill_ifinfo}, net/bridge/br_netlink.c). */
    private void writePort(NetDevice device, NetlinkReply out) {
        LinkState state = LinkState.of(device);
        NetDevice master = state.master();
        if (master == null || !master.driver().equals("bridge") || device.device().get("rx_handler_data") == 0) {
            return;
        }
        out.begin(RTM_NEWLINK).u8(AF_BRIDGE).u8(0).u16(device.hardwareType()).u32(device.index()).u32(state.flags()).u32(0);
        out.attribute(IFLA_IFNAME, device.name()).attribute32(IFLA_MASTER, master.index()).attribute32(IFLA_MTU, device.device().get("mtu"))
                .attribute8(IFLA_OPERSTATE, state.operational());
        if (device.addressLength() > 0) {
            out.attribute(IFLA_ADDRESS, address(device, device.device().get("dev_addr")));
        }
        link(state, out);
        int port = out.nest(IFLA_PROTINFO | NLA_F_NESTED);
        new BridgeDetails(device.kernel(), out).port(device);
        out.end(port);
    }

    /** What IPv6 tells of a device ({@code inet6_fill_ifinfo}, net/ipv6/addrconf.c). */
    private void writeIpv6(NetDevice device, NetlinkReply out) {
        KObject dev = device.device();
        LinkState state = LinkState.of(device);
        out.begin(RTM_NEWLINK).u8(RouteNetlink.AF_INET6).u8(0).u16(device.hardwareType()).u32(device.index()).u32(state.flags()).u32(0);
        out.attribute(IFLA_IFNAME, device.name());
        if (device.addressLength() > 0) {
            out.attribute(IFLA_ADDRESS, address(device, dev.get("dev_addr")));
        }
        out.attribute32(IFLA_MTU, dev.get("mtu"));
        link(state, out);
        out.attribute8(IFLA_OPERSTATE, state.operational());
    }

    private static byte[] address(NetDevice device, long at) {
        byte[] address = new byte[device.addressLength()];
        device.kernel().memory().read(at, address, 0, address.length);
        return address;
    }

    /** What the device lies on, and in which namespace that is. */
    private void link(LinkState state, NetlinkReply out) {
        NetDevice lower = state.lower();
        if (lower == null) {
            return;
        }
        out.attribute32(IFLA_LINK, lower.index());
        long other = lower.device().get("nd_net.net");
        if (other != net.address()) {
            for (XArray.Entry entry : Idr.entries(net.net().at("netns_ids"))) {
                if (entry.value() == other) {
                    out.attribute32(IFLA_LINK_NETNSID, entry.index());
                }
            }
        }
    }

    private static void statistics(NetDevice device, NetlinkReply out) {
        LinkStatistics counters = DeviceStatistics.of(device);
        int place = out.nest(IFLA_STATS64);
        for (LinkStatistics.Counter counter : LinkStatistics.Counter.values()) {
            out.u64(counters.get(counter));
        }
        out.end(place);
    }

    /** Names besides the first (struct netdev_name_node; the first of the list is the device's own). */
    private static List<String> alternativeNames(NetDevice device) {
        List<String> names = new ArrayList<>();
        KObject own = device.device().ptr("name_node");
        if (!own.isNull()) {
            for (KObject node : Lists.list(own.at("list"), "netdev_name_node", "list")) {
                names.add(node.string("name", MAX_NAME));
            }
        }
        return names;
    }

    private static void parent(KObject dev, NetlinkReply out) {
        KObject parent = dev.ptr("dev.parent");
        if (parent.isNull()) {
            return;
        }
        out.attribute(IFLA_PARENT_DEV_NAME, parent.string("kobj.name", MAX_NAME));
        KObject bus = parent.ptr("bus");
        if (!bus.isNull()) {
            out.attribute(IFLA_PARENT_DEV_BUS_NAME, bus.string("name", MAX_NAME));
        }
    }
}
