package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.DeviceStatistics;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.os.net.netlink.NetlinkReply;
import java.util.OptionalLong;

/** What a bridge tells of itself and of its ports (net/bridge/br_netlink.c, br_fill_info and br_port_fill_attrs; IFLA_BR_* and IFLA_BRPORT_*). */
final class BridgeDetails {
    private static final int ETH_ALEN = 6;
    private static final int BRIDGE_ID = 8;
    private static final int RHT_ELASTICITY = 16;
    private static final int IFLA_BR_MCAST_QUERIER_STATE = 47;

    /** IFLA_BRPORT_* that tell of one bit of a port's flags (include/linux/if_bridge.h), and the bit. */
    private static final int[][] PORT_FLAGS = {{4, 0}, {5, 1}, {6, 2}, {7, 3}, {28, 12}, {8, 5}, {9, 6}, {27, 11}, {30, 14}, {10, 8}, {12, 10}, {29, 13},
        {32, 15}, {35, 18}, {36, 19}, {33, 16}};
    private static final int[] PORT_LOCKED = {39, 21};
    private static final int[] PORT_MAB = {40, 22};
    private static final int[] PORT_NEIGH_VLAN_SUPPRESS = {45, 23};

    private final Kernel kernel;
    private final Jiffies jiffies;
    private final NetlinkReply out;

    BridgeDetails(Kernel kernel, NetlinkReply out) {
        this.kernel = kernel;
        this.jiffies = Jiffies.of(kernel);
        this.out = out;
    }

    void bridge(NetDevice device) {
        KObject bridge = DeviceStatistics.privateData(device, "net_bridge");
        timer(16, bridge.at("hello_timer"));
        timer(17, bridge.at("tcn_timer"));
        timer(18, bridge.at("topology_change_timer"));
        timer(19, bridge.at("gc_work.timer"));
        ticks(1, bridge, "forward_delay");
        ticks(2, bridge, "hello_time");
        ticks(3, bridge, "max_age");
        ticks(4, bridge, "ageing_time");
        out.attribute32(5, bridge.get("stp_enabled"));
        byte[] id = Bytes.of(bridge.at("bridge_id"), BRIDGE_ID);
        out.attribute16(6, (id[0] & 0xff) << 8 | id[1] & 0xff);
        out.attribute8(7, option(bridge, "BROPT_VLAN_ENABLED"));
        out.attribute16(9, bridge.get("group_fwd_mask"));
        out.attribute(11, id).attribute(10, Bytes.of(bridge.at("designated_root"), BRIDGE_ID));
        out.attribute16(12, bridge.get("root_port"));
        out.attribute32(13, bridge.get("root_path_cost")).attribute8(14, bridge.get("topology_change"))
                .attribute8(15, bridge.get("topology_change_detected")).attribute(20, Bytes.of(bridge.at("group_addr"), ETH_ALEN));
        switches(bridge);
        if (bridge.has("fdb_n_learned")) {
            out.attribute32(48, bridge.get("fdb_n_learned.counter")).attribute32(49, bridge.get("fdb_max_learned"));
        }
        vlans(bridge);
        multicast(bridge);
        out.attribute8(36, option(bridge, "BROPT_NF_CALL_IPTABLES")).attribute8(37, option(bridge, "BROPT_NF_CALL_IP6TABLES"))
                .attribute8(38, option(bridge, "BROPT_NF_CALL_ARPTABLES"));
    }

    /** IFLA_BR_MULTI_BOOLOPT: a bit for each of {@code enum br_boolopt_id}, and which of them this kernel knows. */
    private void switches(KObject bridge) {
        String[] names = {"NO_LL_LEARN", "MCAST_VLAN_SNOOPING_ENABLED", "MST_ENABLED", "MDB_OFFLOAD_FAIL_NOTIFICATION", "FDB_LOCAL_VLAN_0"};
        long known = kernel.types().enumerator("BR_BOOLOPT_MAX").orElse(1);
        long values = 0;
        for (int i = 0; i < Math.min(names.length, known); i++) {
            values |= (long) option(bridge, "BROPT_" + names[i]) << i;
        }
        int place = out.nest(46);
        out.u32(values).u32((1L << Math.min(known, Integer.SIZE - 1)) - 1);
        out.end(place);
    }

    private void vlans(KObject bridge) {
        if (bridge.has("vlan_proto")) {
            out.attribute16(8, bridge.get("vlan_proto"));
            out.attribute16(39, bridge.get("default_pvid"));
            out.attribute8(41, option(bridge, "BROPT_VLAN_STATS_ENABLED")).attribute8(45, option(bridge, "BROPT_VLAN_STATS_PER_PORT"));
        }
    }

    /** Members of {@code multicast_ctx} since 5.15. */
    private void multicast(KObject bridge) {
        if (!bridge.has("hash_max")) {
            return;
        }
        KObject context = bridge.has("multicast_ctx") ? bridge.at("multicast_ctx") : bridge;
        long querier = context.has("multicast_querier") ? context.get("multicast_querier") : option(bridge, "BROPT_MULTICAST_QUERIER");
        out.attribute8(22, context.get("multicast_router")).attribute8(23, option(bridge, "BROPT_MULTICAST_ENABLED"))
                .attribute8(24, option(bridge, "BROPT_MULTICAST_QUERY_USE_IFADDR")).attribute8(25, querier)
                .attribute8(42, option(bridge, "BROPT_MULTICAST_STATS_ENABLED")).attribute32(26, RHT_ELASTICITY).attribute32(27, bridge.get("hash_max"))
                .attribute32(28, context.get("multicast_last_member_count")).attribute32(29, context.get("multicast_startup_query_count"))
                .attribute8(43, context.get("multicast_igmp_version"));
        if (context.has("multicast_mld_version")) {
            out.attribute8(44, context.get("multicast_mld_version"));
        }
        if (bridge.has("multicast_ctx") && option(bridge, "BROPT_MULTICAST_ENABLED") != 0 && querier == 0) {
            out.end(out.nest(IFLA_BR_MCAST_QUERIER_STATE | 0x8000));
        }
        String[] intervals = {"last_member_interval", "membership_interval", "querier_interval", "query_interval", "query_response_interval",
            "startup_query_interval"};
        for (int i = 0; i < intervals.length; i++) {
            out.attribute64(30 + i, jiffies.toClockTicks(context.get("multicast_" + intervals[i])));
        }
    }

    /** A bridge's port: IFLA_INFO_SLAVE_DATA of the device. */
    void port(NetDevice device) {
        KObject port = device.device().ptr("rx_handler_data").as("net_bridge_port");
        out.attribute8(1, port.get("state"));
        out.attribute16(2, port.get("priority"));
        out.attribute32(3, port.get("path_cost"));
        long flags = port.get("flags");
        for (int[] each : PORT_FLAGS) {
            flag(flags, each);
        }
        if (port.has("multicast_ctx")) {
            flag(flags, PORT_LOCKED);
        }
        if (kernel.types().enumerator("BR_BOOLOPT_MAX").orElse(0) > 2 && port.has("backup_nhid")) {
            flag(flags, PORT_MAB);
            flag(flags, PORT_NEIGH_VLAN_SUPPRESS);
        }
        out.attribute(13, Bytes.of(port.at("designated_root"), BRIDGE_ID)).attribute(14, Bytes.of(port.at("designated_bridge"), BRIDGE_ID));
        out.attribute16(15, port.get("designated_port"));
        out.attribute16(16, port.get("designated_cost"));
        out.attribute16(17, port.get("port_id"));
        out.attribute16(18, port.get("port_no"));
        out.attribute8(19, port.get("topology_change_ack")).attribute8(20, port.get("config_pending"));
        out.attribute16(31, port.get("group_fwd_mask"));
        timer(21, port.at("message_age_timer"));
        timer(22, port.at("forward_delay_timer"));
        timer(23, port.at("hold_timer"));
        KObject context = port.has("multicast_ctx") ? port.at("multicast_ctx") : port;
        out.attribute8(25, context.getOr("multicast_router", 0));
        if (port.has("multicast_eht_hosts_limit")) {
            out.attribute32(37, port.get("multicast_eht_hosts_limit")).attribute32(38, port.get("multicast_eht_hosts_cnt"));
        }
        if (context.has("mdb_n_entries")) {
            out.attribute32(42, context.get("mdb_n_entries")).attribute32(43, context.get("mdb_max_entries"));
        }
        KObject backup = port.ptr("backup_port");
        if (!backup.isNull()) {
            out.attribute32(34, new NetDevice(backup.ptr("dev")).index());
        }
        if (port.getOr("backup_nhid", 0) != 0) {
            out.attribute32(44, port.get("backup_nhid"));
        }
    }

    private void flag(long flags, int[] attributeAndBit) {
        out.attribute8(attributeAndBit[0], flags >>> attributeAndBit[1] & 1);
    }

    /** {@code br_opt_get}. */
    private int option(KObject bridge, String name) {
        OptionalLong bit = kernel.types().enumerator(name);
        return bit.isPresent() ? (int) (bridge.get("options") >>> bit.getAsLong() & 1) : 0;
    }

    /** {@code br_timer_value}. */
    private void timer(int type, KObject timer) {
        out.attribute64(type, timer.get("entry.pprev") == 0 ? 0 : jiffies.clockTicksUntil(timer.get("expires")));
    }

    private void ticks(int type, KObject bridge, String member) {
        out.attribute32(type, jiffies.toClockTicks(bridge.get(member)));
    }
}
