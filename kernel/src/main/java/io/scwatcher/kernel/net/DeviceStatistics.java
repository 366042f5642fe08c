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
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import java.util.Set;

/**
 * What the kernel adds up when a device's counters are asked for (net/core/dev.c, dev_get_stats). Each driver keeps its
 * own; those of the kernel's software devices and of virtio are followed here, others by what the device says about
 * itself, with an anomaly where that is a guess.
 */
public final class DeviceStatistics {
    private static final int IFF_LOOPBACK = 8;
    private static final int MAX_QUEUES = 4096;
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
        try {
            reading.driver();
        } catch (NoSuchFieldInKernel unknown) {
            reading.guess(unknown.getMessage());
        }
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
        String driver = device.driver();
        switch (driver) {
            case "dummy" -> light(false, true);
            case "nlmon", "vsockmon" -> light(true, false);
            case "veth" -> new VethStatistics(device, statistics).add();
            case "virtio_net" -> new VirtioStatistics(device, statistics).add();
            case "vlan" -> vlan("vlan_dev_priv", "vlan_pcpu_stats");
            case "macvlan", "macvtap" -> vlan("macvlan_dev", "pcpu_stats");
            case "bridge" -> bridge();
            case "tun" -> tun();
            case "ifb" -> queues();
            case "vrf" -> vrf();
            case "bond" -> bond();
            default -> {
                if (TUNNEL_COUNTERS.contains(driver) || usesTunnelFunction(operations.get("ndo_get_stats64"))) {
                    selfDescribedOrTunnel();
                } else {
                    guess("driver '%s' keeps them in its own way".formatted(driver));
                }
            }
        }
    }

    private void guess(String why) {
        kernel.anomalies().record("counters of device %s: %s".formatted(device.name(), why));
        selfDescribed();
    }

    private boolean usesTunnelFunction(long function) {
        for (String name : new String[] {"dev_get_tstats64", "ip_tunnel_get_stats64"}) {
            if (kernel.symbols().find(name).orElse(0) == function) {
                return true;
            }
        }
        return false;
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

    /** {@code ifb_stats64}: a set of counters for each queue; structures of their own since 5.17. */
    private void queues() {
        KObject queues = privateData(device, "ifb_dev_private").ptr("tx_private");
        long count = Math.min(object.get("num_tx_queues"), MAX_QUEUES);
        for (long i = 0; i < count; i++) {
            KObject queue = queues.index(i);
            boolean grouped = queue.has("rx_stats");
            statistics.add(RX_PACKETS, queue.get(grouped ? "rx_stats.packets" : "rx_packets"));
            statistics.add(RX_BYTES, queue.get(grouped ? "rx_stats.bytes" : "rx_bytes"));
            statistics.add(TX_PACKETS, queue.get(grouped ? "tx_stats.packets" : "tx_packets"));
            statistics.add(TX_BYTES, queue.get(grouped ? "tx_stats.bytes" : "tx_bytes"));
        }
        statistics.addFrom(object.at("stats"), RX_DROPPED, TX_DROPPED);
    }

    /** {@code vrf_get_stats64}, until the core took over in 6.10. */
    private void vrf() {
        long base = object.get("dstats");
        for (int cpu : base == 0 ? new int[0] : kernel.possibleCpus()) {
            KObject own = DeclaredLayout.at(kernel, kernel.perCpu(base, cpu), "pcpu_dstats");
            boolean brief = own.has("tx_pkts");
            statistics.addFrom(own, TX_BYTES, RX_BYTES);
            statistics.add(TX_PACKETS, own.get(brief ? "tx_pkts" : "tx_packets"));
            statistics.add(RX_PACKETS, own.get(brief ? "rx_pkts" : "rx_packets"));
            statistics.add(TX_DROPPED, own.get(brief ? "tx_drps" : "tx_drops"));
        }
    }

    /** {@code bond_get_stats}: what was added up last, and what the members counted since then. */
    private void bond() {
        Bond bond = Bond.of(device);
        statistics.addAll(bond.object().at("bond_stats"));
        for (KObject member : bond.members()) {
            LinkStatistics now = of(new NetDevice(member.ptr("dev")));
            for (LinkStatistics.Counter counter : LinkStatistics.Counter.values()) {
                if (member.has("slave_stats." + counter.field())) {
                    long then = member.get("slave_stats." + counter.field());
                    statistics.add(counter, Math.max(0, difference(now.get(counter), then)));
                }
            }
        }
    }

    /** {@code bond_fold_stats}: counters of 32 bits wrap around. */
    private static long difference(long now, long then) {
        return (now | then) >>> 32 == 0 ? (int) now - (int) then : now - then;
    }

    private void perCpu(String member, String structure, LinkStatistics.Counter... counters) {
        perCpu(object.get(member), structure, counters);
    }

    private void perCpu(long base, String structure, LinkStatistics.Counter... counters) {
        for (int cpu : base == 0 ? new int[0] : kernel.possibleCpus()) {
            statistics.addFrom(DeclaredLayout.at(kernel, kernel.perCpu(base, cpu), structure), counters);
        }
    }

    /** {@code netdev_priv}: what the driver keeps behind the device. A member of its own since 6.10. */
    public static KObject privateData(NetDevice device, String structure) {
        KObject object = device.device();
        int alignment = 32;
        long place = object.has("priv") ? object.at("priv").address()
                : object.address() + (object.type().size() + alignment - 1) / alignment * alignment;
        return DeclaredLayout.at(device.kernel(), place, structure);
    }
}
