package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.DeviceStatistics;
import io.scwatcher.kernel.net.LinkState;
import io.scwatcher.kernel.net.LinkStatistics;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.DevicePrinter;
import java.util.List;
import java.util.Map;

/** What network devices say below /sys/class/net (net/core/net-sysfs.c). */
final class NetAttributes {
    private static final List<String> OPERATIONAL_STATES = List.of("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up");
    private static final int LONGEST_ALIAS = 256;

    private NetAttributes() {}

    static void enter(Map<String, DevicePrinter> table) {
        for (String member : new String[] {"addr_assign_type", "addr_len", "dev_port", "ifindex", "link_mode", "mtu", "tx_queue_len", "type", "group",
            "proto_down", "threaded"}) {
            table.put("net:" + (member.equals("group") ? "netdev_group" : member), (device, path, out) -> out.dec(of(device).device().get(member)).put('\n'));
        }
        for (String member : new String[] {"dev_id", "flags"}) {
            table.put("net:" + member, (device, path, out) -> hex(of(device).device().get(member) & 0xffff_ffffL, out));
        }
        table.put("net:gro_flush_timeout", (device, path, out) -> out.unsigned(of(device).device().get("gro_flush_timeout")).put('\n'));
        table.put("net:napi_defer_hard_irqs", (device, path, out) -> out.dec(of(device).device().get("napi_defer_hard_irqs")).put('\n'));
        table.put("net:name_assign_type", (device, path, out) -> {
            long type = of(device).device().get("name_assign_type");
            out.dec(demand(type, type != 0)).put('\n');
        });
        table.put("net:iflink", (device, path, out) -> {
            NetDevice lower = LinkState.of(of(device)).lower();
            out.dec((lower == null ? of(device) : lower).index()).put('\n');
        });
        table.put("net:address", (device, path, out) -> printAddress(of(device), of(device).device().get("dev_addr"), out));
        table.put("net:broadcast", (device, path, out) -> printAddress(of(device), of(device).device().at("broadcast").address(), out));
        table.put("net:ifalias", (device, path, out) -> {
            KObject alias = of(device).device().ptr("ifalias");
            out.put(alias.isNull() ? "" : alias.string("ifalias", LONGEST_ALIAS) + "\n");
        });
        table.put("net:carrier", (device, path, out) -> printState(device, LinkState::hasCarrier, out));
        table.put("net:dormant", (device, path, out) -> printState(device, LinkState::isDormant, out));
        table.put("net:testing", (device, path, out) -> printState(device, LinkState::isTesting, out));
        table.put("net:operstate", (device, path, out) -> {
            int state = LinkState.of(of(device)).operational();
            out.put(OPERATIONAL_STATES.get((int) demand(state, state < OPERATIONAL_STATES.size()))).put('\n');
        });
        table.put("net:carrier_changes", (device, path, out) -> out.dec(changes(device, "up") + changes(device, "down")).put('\n'));
        table.put("net:carrier_up_count", (device, path, out) -> out.dec(changes(device, "up")).put('\n'));
        table.put("net:carrier_down_count", (device, path, out) -> out.dec(changes(device, "down")).put('\n'));
        table.put("net:bridge/bridge_id", (device, path, out) -> printBridge(bridge(device).at("bridge_id").address(), device, out));
        table.put("net:bridge/root_id", (device, path, out) -> printBridge(bridge(device).at("designated_root").address(), device, out));
        for (String member : new String[] {"stp_state:stp_enabled", "root_port:root_port", "root_path_cost:root_path_cost",
            "topology_change:topology_change", "topology_change_detected:topology_change_detected"}) {
            String[] words = member.split(":");
            table.put("net:bridge/" + words[0], (device, path, out) -> out.dec(bridge(device).get(words[1])).put('\n'));
        }
        for (LinkStatistics.Counter counter : LinkStatistics.Counter.values()) {
            table.put("net:statistics/" + counter.field(),
                    (device, path, out) -> out.unsigned(DeviceStatistics.of(of(device)).get(counter)).put('\n'));
        }
    }

    /** {@code to_net_dev}. */
    static NetDevice of(KObject device) {
        return new NetDevice(device.containerOf("net_device", "dev"));
    }

    private static KObject bridge(KObject device) {
        return DeviceStatistics.privateData(of(device), "net_bridge");
    }

    /** {@code br_show_bridge_id} (net/bridge/br_stp_if.c): the priority and the address. */
    private static void printBridge(long at, KObject device, ProcText out) {
        for (int i = 0; i < 8; i++) {
            out.put(i == 2 ? "." : "").hex(device.memory().u8(at + i), 2);
        }
        out.put('\n');
    }

    /** What only a device that is up tells. */
    private static void printState(KObject device, java.util.function.Predicate<LinkState> question, ProcText out) {
        LinkState state = LinkState.of(of(device));
        demand(0, state.isRunning());
        out.put(question.test(state) ? "1\n" : "0\n");
    }

    /** {@code sysfs_format_mac}. */
    private static void printAddress(NetDevice device, long at, ProcText out) {
        for (int i = 0; i < device.addressLength(); i++) {
            out.put(i == 0 ? "" : ":").hex(device.kernel().memory().u8(at + i), 2);
        }
        out.put('\n');
    }

    private static long changes(KObject device, String direction) {
        return of(device).device().get("carrier_" + direction + "_count.counter");
    }

    /** {@code %#x}. */
    private static void hex(long value, ProcText out) {
        out.put("0x").hex(value).put('\n');
    }

    private static long demand(long value, boolean known) {
        if (!known) {
            throw new VfsException(Errno.EINVAL);
        }
        return value;
    }
}
