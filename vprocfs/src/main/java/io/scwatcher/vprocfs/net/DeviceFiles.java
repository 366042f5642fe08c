package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.DeviceStatistics;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.LinkStatistics;
import io.scwatcher.kernel.net.LinkStatistics.Counter;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.StructType;
import io.scwatcher.vprocfs.ProcText;

/** Files that are named after a device: dev_snmp6/DEVICE (net/ipv6/proc.c), vlan/DEVICE (net/8021q/vlanproc.c). */
final class DeviceFiles {
    private static final int PRIORITY_SHIFT = 13;
    private static final int MAX_MAPPINGS = 4096;
    private static final String[] VLAN_NAMINGS = {"VLAN_NAME_TYPE_PLUS_VID", "VLAN_NAME_TYPE_RAW_PLUS_VID",
        "VLAN_NAME_TYPE_PLUS_VID_NO_PAD", "VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD"};

    private DeviceFiles() {}

    static void snmp6(NetNamespace net, String name, ProcText out) {
        NetDevice device = named(net, name);
        KObject ip = device == null ? null : InetDevice.ipv6(device);
        if (ip != null) {
            Snmp6File.printDevice(ip, out);
        }
    }

    static void bonding(NetNamespace net, String name, ProcText out) {
        NetDevice device = named(net, name);
        if (device != null) {
            BondingFile.print(device, out);
        }
    }

    /** {@code vlan_seq_show}. */
    static void vlanConfig(NetNamespace net, ProcText out) {
        KObject vlans = net.generic("8021q", "vlan_net_id", "vlan_net");
        long naming = vlans == null ? -1 : vlans.get("name_type");
        out.put("VLAN Dev name\t | VLAN ID\nName-Type: ")
                .put(naming >= 0 && naming < VLAN_NAMINGS.length ? VLAN_NAMINGS[(int) naming] : "UNKNOWN").put('\n');
        for (NetDevice device : NetDevice.all(net)) {
            if (device.driver().equals("vlan")) {
                KObject vlan = DeviceStatistics.privateData(device, "vlan_dev_priv");
                out.left(device.name(), 15).put("| ").dec(vlan.get("vlan_id"))
                        .put("  | ").put(vlan.ptr("real_dev").string("name", NetDevice.NAME_SIZE)).put('\n');
            }
        }
    }

    /** {@code vlandev_seq_show}. */
    static void vlan(NetNamespace net, String name, ProcText out) {
        NetDevice device = named(net, name);
        if (device == null) {
            return;
        }
        KObject vlan = DeviceStatistics.privateData(device, "vlan_dev_priv");
        LinkStatistics counters = DeviceStatistics.of(device);
        out.put(name).put("  VID: ").dec(vlan.get("vlan_id")).put("\t REORDER_HDR: ").dec(vlan.get("flags") & 1)
                .put("  dev->priv_flags: ").hex(privateFlags(device)).put('\n');
        counter(out, "total frames received", counters.get(Counter.RX_PACKETS));
        counter(out, "total bytes received", counters.get(Counter.RX_BYTES));
        counter(out, "Broadcast/Multicast Rcvd", counters.get(Counter.MULTICAST));
        out.put('\n');
        counter(out, "total frames transmitted", counters.get(Counter.TX_PACKETS));
        counter(out, "total bytes transmitted", counters.get(Counter.TX_BYTES));
        out.put("Device: ").put(vlan.ptr("real_dev").string("name", NetDevice.NAME_SIZE));
        out.put("\nINGRESS priority mappings: ");
        for (int i = 0; i < 8; i++) {
            out.dec(i).put(':').unsigned(vlan.at("ingress_priority_map").index(i).value())
                    .put(i < 6 ? "  " : i < 7 ? " " : "\n");
        }
        out.put(" EGRESS priority mappings: ");
        egress(vlan.at("egress_priority_map"), out);
        out.put('\n');
    }

    private static void egress(KObject buckets, ProcText out) {
        int count = ((CType.Array) buckets.type()).length();
        for (int i = 0; i < count; i++) {
            KObject mapping = buckets.index(i).deref();
            for (int length = 0; !mapping.isNull() && length < MAX_MAPPINGS; length++) {
                out.unsigned(mapping.get("priority")).put(':').unsigned(mapping.get("vlan_qos") >> PRIORITY_SHIFT & 7)
                        .put(' ');
                mapping = mapping.ptr("next");
            }
        }
    }

    /** Printed with 16 bits where the member has 32 (up to 6.0), with all of its bits where it has other widths. */
    private static long privateFlags(NetDevice device) {
        KObject object = device.device();
        long flags = object.get("priv_flags");
        boolean plain = object.type() instanceof StructType type && !type.field("priv_flags").isBitField();
        return plain && object.at("priv_flags").type().size() == Integer.BYTES ? flags & 0xffff : flags;
    }

    private static void counter(ProcText out, String label, long value) {
        out.right(label, 30).put(' ').unsigned(value, 12).put('\n');
    }

    private static NetDevice named(NetNamespace net, String name) {
        for (NetDevice device : NetDevice.all(net)) {
            if (device.name().equals(name)) {
                return device;
            }
        }
        return null;
    }
}
