package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.DeviceStatistics;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.LinkState;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.os.net.netlink.NetlinkReply;

/** IFLA_LINKINFO and IFLA_AF_SPEC: what a device is, and what its kind and the protocols on it add (net/core/rtnetlink.c, rtnl_link_fill). */
final class LinkDetails {
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    private static final int IFLA_INFO_SLAVE_DATA = 5;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_INET6_FLAGS = 1;
    private static final int IFLA_INET6_TOKEN = 7;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int IFLA_VLAN_ID = 1;
    private static final int IFLA_VLAN_FLAGS = 2;
    private static final int IFLA_VLAN_EGRESS_QOS = 3;
    private static final int IFLA_VLAN_INGRESS_QOS = 4;
    private static final int IFLA_VLAN_QOS_MAPPING = 1;
    private static final int IFLA_VLAN_PROTOCOL = 5;
    private static final int IFLA_MACVLAN_MODE = 1;
    private static final int IFLA_MACVLAN_FLAGS = 2;
    private static final int VLAN_PRIO_SHIFT = 13;
    private static final int PRIORITIES = 8;
    private static final int EGRESS_BUCKETS = 16;
    private static final int MOST_MAPPINGS = 1024;

    private final NetDevice device;
    private final NetlinkReply out;

    LinkDetails(NetDevice device, NetlinkReply out) {
        this.device = device;
        this.out = out;
    }

    void write() {
        KObject operations = device.device().ptr("rtnl_link_ops");
        NetDevice master = LinkState.of(device).master();
        KObject above = master == null ? null : master.device().ptr("rtnl_link_ops");
        boolean isSlave = above != null && !above.isNull();
        if (!operations.isNull() || isSlave) {
            int info = out.nest(IFLA_LINKINFO);
            if (isSlave) {
                String kind = above.string("kind", NetDevice.NAME_SIZE);
                out.attribute(IFLA_INFO_SLAVE_KIND, kind);
                data(IFLA_INFO_SLAVE_DATA, () -> slave(kind));
            }
            if (!operations.isNull()) {
                String kind = operations.string("kind", NetDevice.NAME_SIZE);
                out.attribute(IFLA_INFO_KIND, kind);
                data(IFLA_INFO_DATA, () -> own(kind));
            }
            out.end(info);
        }
        KObject ipv6 = InetDevice.ipv6(device);
        if (ipv6 != null) {
            int families = out.nest(IFLA_AF_SPEC);
            int family = out.nest(RouteNetlink.AF_INET6);
            out.attribute32(IFLA_INET6_FLAGS, ipv6.get("if_flags")).attribute(IFLA_INET6_TOKEN, Bytes.of(ipv6.at("token"), 16))
                    .attribute8(IFLA_INET6_ADDR_GEN_MODE, ipv6.get("cnf.addr_gen_mode"));
            out.end(family);
            out.end(families);
        }
    }

    /** A nest with what a kind of device adds; none where nothing is known of it. */
    private void data(int type, java.util.function.BooleanSupplier writer) {
        int place = out.nest(type);
        boolean any = false;
        try {
            any = writer.getAsBoolean();
        } catch (NoSuchFieldInKernel unknown) {
            device.kernel().anomalies().record("details of device %s: %s".formatted(device.name(), unknown.getMessage()));
        }
        if (any) {
            out.end(place);
        } else {
            out.drop(place);
        }
    }

    private boolean own(String kind) {
        switch (kind) {
            case "bridge" -> new BridgeDetails(device.kernel(), out).bridge(device);
            case "vlan" -> vlan(DeviceStatistics.privateData(device, "vlan_dev_priv"));
            case "macvlan", "macvtap" -> {
                KObject own = DeviceStatistics.privateData(device, "macvlan_dev");
                out.attribute32(IFLA_MACVLAN_MODE, own.get("mode"));
                out.attribute16(IFLA_MACVLAN_FLAGS, own.get("flags"));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean slave(String kind) {
        boolean isPort = kind.equals("bridge") && device.device().get("rx_handler_data") != 0;
        if (isPort) {
            new BridgeDetails(device.kernel(), out).port(device);
        }
        return isPort;
    }

    /** {@code vlan_fill_info} (net/8021q/vlan_netlink.c). */
    private void vlan(KObject vlan) {
        out.attribute16(IFLA_VLAN_PROTOCOL, vlan.get("vlan_proto"));
        out.attribute16(IFLA_VLAN_ID, vlan.get("vlan_id"));
        if (vlan.get("flags") != 0) {
            int flags = out.nest(IFLA_VLAN_FLAGS);
            out.u32(vlan.get("flags")).u32(-1);
            out.end(flags);
        }
        if (vlan.get("nr_ingress_mappings") != 0) {
            int nest = out.nest(IFLA_VLAN_INGRESS_QOS);
            for (int i = 0; i < PRIORITIES; i++) {
                mapping(i, vlan.at("ingress_priority_map").index(i).value());
            }
            out.end(nest);
        }
        if (vlan.get("nr_egress_mappings") != 0) {
            int nest = out.nest(IFLA_VLAN_EGRESS_QOS);
            for (int i = 0; i < EGRESS_BUCKETS; i++) {
                KObject each = vlan.at("egress_priority_map").index(i).deref();
                for (int step = 0; step < MOST_MAPPINGS && !each.isNull(); step++) {
                    mapping(each.get("priority"), each.get("vlan_qos") >> VLAN_PRIO_SHIFT & PRIORITIES - 1);
                    each = each.ptr("next");
                }
            }
            out.end(nest);
        }
    }

    private void mapping(long from, long to) {
        if (to != 0) {
            int place = out.nest(IFLA_VLAN_QOS_MAPPING);
            out.u32(from).u32(to);
            out.end(place);
        }
    }
}
