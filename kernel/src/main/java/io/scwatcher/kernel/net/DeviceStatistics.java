package io.scwatcher.kernel.net;

import static io.scwatcher.kernel.net.LinkStatistics.Counter.MULTICAST;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_BYTES;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_DROPPED;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_ERRORS;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_FRAME_ERRORS;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_PACKETS;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_BYTES;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_DROPPED;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_PACKETS;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.Set;

/**
 * What the kernel adds up when a device's counters are asked for (net/core/dev.c, dev_get_stats). Each driver keeps its
 * own; those of the kernel's software devices and of virtio are followed here, others by what the device says about
 * itself, with an anomaly where that is a guess.
 */
public final class DeviceStatistics {
    private static final int IFF_LOOPBACK = 8;
    private static final Set<String> TUNNEL_COUNTERS = Set.of("gre", "gretap", "erspan", "ip6gre", "ip6gretap",
            "ipip", "ip6tnl", "sit", "vti", "vti6", "geneve", "wireguard", "bareudp");

    private final NetDevice device;
    private final KObject object;
    private final Kernel kernel;
    private final LinkStatistics statistics = new LinkStatistics();

    private DeviceStatistics(NetDevice device) {
        this.device = device;
        this.object = device.device();
        this.kernel = device.kernel();
    }

    /** The counters of a device at the moment of the epoch. */
    public static LinkStatistics of(NetDevice device) {
        DeviceStatistics reading = new DeviceStatistics(device);
        reading.driver();
        reading.core();
        return reading.statistics;
    }

    /** Packets that the core dropped: per CPU since 5.18 ({@code core_stats}), before that in the device. */
    private void core() {
        if (!object.has("core_stats")) {
            statistics.add(RX_DROPPED, object.get("rx_dropped"));
            statistics.add(TX_DROPPED, object.get("tx_dropped"));
            return;
        }
        perCpu("core_stats", "net_device_core_stats", RX_DROPPED, TX_DROPPED);
    }

    private void driver() {
        KObject operations = object.ptr("netdev_ops");
        if (operations.isNull() || operations.get("ndo_get_stats64") == 0) {
            selfDescribed();
            return;
        }
        if ((device.flags() & IFF_LOOPBACK) != 0) {
            light(true, true);
            return;
        }
        String driver = driverName();
        switch (driver) {
            case "dummy" -> light(false, true);
            case "nlmon", "vsockmon" -> light(true, false);
            case "veth" -> new VethStatistics(device, statistics).add();
            case "virtio_net" -> new VirtioStatistics(device, statistics).add();
            case "vlan" -> vlan("vlan_dev_priv", "vlan_pcpu_stats");
            case "macvlan", "macvtap" -> vlan("macvlan_dev", "pcpu_stats");
            case "bridge" -> bridge();
            case "tun" -> tun();
            default -> {
                if (TUNNEL_COUNTERS.contains(driver) || usesTunnelFunction(operations.get("ndo_get_stats64"))) {
                    selfDescribedOrTunnel();
                } else {
                    kernel.anomalies().record("%s: counters of driver '%s' are kept in a way that is not known"
                            .formatted(device.name(), driver));
                    selfDescribed();
                }
            }
        }
    }

    private boolean usesTunnelFunction(long function) {
        for (String name : new String[] {"dev_get_tstats64", "ip_tunnel_get_stats64"}) {
            if (kernel.symbols().find(name).orElse(0) == function) {
                return true;
            }
        }
        return false;
    }

    /** {@code rtnl_link_ops} name the kind of software devices; the bus's driver names the others. */
    private String driverName() {
        KObject link = object.ptr("rtnl_link_ops");
        if (!link.isNull()) {
            return link.string("kind", NetDevice.NAME_SIZE);
        }
        KObject parent = object.ptr("dev.parent");
        KObject driver = parent.isNull() ? parent : parent.ptr("driver");
        return driver.isNull() ? "" : driver.string("name", 64);
    }

    /** The core's own ways, told apart by {@code pcpu_stat_type} since 6.7. */
    private void selfDescribed() {
        statistics.addAll(object.at("stats"));
        if (keeps("NETDEV_PCPU_STAT_TSTATS")) {
            perCpu("tstats", "pcpu_sw_netstats", RX_PACKETS, RX_BYTES, TX_PACKETS, TX_BYTES);
        } else if (keeps("NETDEV_PCPU_STAT_DSTATS")) {
            drops();
        }
    }

    private void selfDescribedOrTunnel() {
        if (keeps("NETDEV_PCPU_STAT_TSTATS") || keeps("NETDEV_PCPU_STAT_DSTATS")) {
            selfDescribed();
            return;
        }
        statistics.addAll(object.at("stats"));
        perCpu("tstats", "pcpu_sw_netstats", RX_PACKETS, RX_BYTES, TX_PACKETS, TX_BYTES);
    }

    private boolean keeps(String type) {
        return object.has("pcpu_stat_type") && object.get("pcpu_stat_type") == kernel.types().enumerator(type).orElse(-1);
    }

    private void drops() {
        perCpu("dstats", "pcpu_dstats", RX_PACKETS, RX_BYTES, TX_PACKETS, TX_BYTES);
        long base = object.get("dstats");
        for (int cpu : base == 0 ? new int[0] : kernel.possibleCpus()) {
            KObject own = kernel.at(kernel.perCpu(base, cpu), "pcpu_dstats");
            statistics.add(RX_DROPPED, own.get("rx_drops"));
            statistics.add(TX_DROPPED, own.get("tx_drops"));
        }
    }

    /** {@code dev_lstats_read}: one pair of counters for both directions. */
    private void light(boolean received, boolean sent) {
        long base = object.get("lstats");
        for (int cpu : base == 0 ? new int[0] : kernel.possibleCpus()) {
            KObject own = kernel.at(kernel.perCpu(base, cpu), "pcpu_lstats");
            if (received) {
                statistics.add(RX_PACKETS, own.get("packets"));
                statistics.add(RX_BYTES, own.get("bytes"));
            }
            if (sent) {
                statistics.add(TX_PACKETS, own.get("packets"));
                statistics.add(TX_BYTES, own.get("bytes"));
            }
        }
    }

    /** {@code vlan_dev_get_stats64}, {@code macvlan_dev_get_stats64}. */
    private void vlan(String privateStructure, String member) {
        long base = privateData(device, privateStructure).get(member);
        long errors = 0;
        long dropped = 0;
        for (int cpu : base == 0 ? new int[0] : kernel.possibleCpus()) {
            KObject own = kernel.at(kernel.perCpu(base, cpu), "vlan_pcpu_stats");
            statistics.addFrom(own, RX_PACKETS, RX_BYTES, TX_PACKETS, TX_BYTES);
            statistics.add(MULTICAST, own.get("rx_multicast"));
            errors += own.get("rx_errors");
            dropped += own.get("tx_dropped");
        }
        statistics.add(RX_ERRORS, errors & 0xffff_ffffL);
        statistics.add(TX_DROPPED, dropped & 0xffff_ffffL);
        if (privateStructure.equals("macvlan_dev")) {
            statistics.add(RX_DROPPED, errors & 0xffff_ffffL);
        }
    }

    /** {@code br_get_stats64}: counters of the bridge's own until 5.10. */
    private void bridge() {
        KObject bridge = privateData(device, "net_bridge");
        if (!bridge.has("stats")) {
            selfDescribedOrTunnel();
            return;
        }
        statistics.addAll(object.at("stats"));
        perCpu(bridge.get("stats"), "pcpu_sw_netstats", RX_PACKETS, RX_BYTES, TX_PACKETS, TX_BYTES);
    }

    /** {@code tun_net_get_stats64}: counters of the tunnel's own until 5.10. */
    private void tun() {
        KObject tun = privateData(device, "tun_struct");
        if (tun.has("pcpu_stats")) {
            perCpu(tun.get("pcpu_stats"), "tun_pcpu_stats", RX_PACKETS, RX_BYTES, TX_PACKETS, TX_BYTES, RX_DROPPED,
                    TX_DROPPED, RX_FRAME_ERRORS);
        } else {
            selfDescribedOrTunnel();
            statistics.add(RX_FRAME_ERRORS, tun.get("rx_frame_errors.counter"));
        }
    }

    private void perCpu(String member, String structure, LinkStatistics.Counter... counters) {
        perCpu(object.get(member), structure, counters);
    }

    private void perCpu(long base, String structure, LinkStatistics.Counter... counters) {
        for (int cpu : base == 0 ? new int[0] : kernel.possibleCpus()) {
            statistics.addFrom(kernel.at(kernel.perCpu(base, cpu), structure), counters);
        }
    }

    /** {@code netdev_priv}: what the driver keeps behind the device. A member of its own since 6.10. */
    public static KObject privateData(NetDevice device, String structure) {
        KObject object = device.device();
        int alignment = 32;
        long place = object.has("priv") ? object.at("priv").address()
                : object.address() + (object.type().size() + alignment - 1) / alignment * alignment;
        return device.kernel().at(place, structure);
    }
}
