package io.scwatcher.kernel.net;

import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_BYTES;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_DROPPED;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_PACKETS;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_BYTES;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_DROPPED;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_PACKETS;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;

/**
 * The counters of a virtual Ethernet pair (drivers/net/veth.c, veth_get_stats64): each end counts what it sends, and
 * receives what its peer sent. The per-CPU counters have been {@code tstats} instead of {@code lstats} since 6.7.
 */
final class VethStatistics {
    private static final int MAX_QUEUES = 4096;

    private final NetDevice device;
    private final LinkStatistics statistics;
    private final Kernel kernel;

    VethStatistics(NetDevice device, LinkStatistics statistics) {
        this.device = device;
        this.statistics = statistics;
        this.kernel = device.kernel();
    }

    void add() {
        KObject own = DeviceStatistics.privateData(device, "veth_priv");
        if (own.get("rq") != 0 && own.ptr("rq").get("dev") != 0 && own.ptr("rq").get("dev") != device.address()) {
            throw new NoSuchFieldInKernel("struct veth_rq", "dev");
        }
        statistics.add(TX_DROPPED, own.get("dropped.counter"));
        sent(device, TX_PACKETS, TX_BYTES);
        queues(device, own, TX_DROPPED, RX_DROPPED, RX_PACKETS, RX_BYTES);
        forward(device, own, RX_DROPPED);
        NetDevice peer = NetDevice.of(own.ptr("peer"));
        if (peer != null) {
            KObject theirs = DeviceStatistics.privateData(peer, "veth_priv");
            sent(peer, RX_PACKETS, RX_BYTES);
            queues(peer, theirs, RX_DROPPED, null, TX_PACKETS, TX_BYTES);
            forward(peer, theirs, TX_DROPPED);
        }
    }

    private void sent(NetDevice end, LinkStatistics.Counter packets, LinkStatistics.Counter bytes) {
        KObject object = end.device();
        boolean tunnel = object.has("pcpu_stat_type")
                && object.get("pcpu_stat_type") == kernel.types().enumerator("NETDEV_PCPU_STAT_TSTATS").orElse(-1);
        long base = object.get(tunnel ? "tstats" : "lstats");
        for (int cpu : base == 0 ? new int[0] : kernel.possibleCpus()) {
            KObject counters = kernel.at(kernel.perCpu(base, cpu), tunnel ? "pcpu_sw_netstats" : "pcpu_lstats");
            statistics.add(packets, counters.get(tunnel ? "tx_packets" : "packets"));
            statistics.add(bytes, counters.get(tunnel ? "tx_bytes" : "bytes"));
        }
    }

    private void queues(NetDevice end, KObject data, LinkStatistics.Counter transmitErrors, LinkStatistics.Counter drops,
                        LinkStatistics.Counter packets, LinkStatistics.Counter bytes) {
        for (int i = 0; i < queueCount(end); i++) {
            KObject queue = data.ptr("rq").index(i);
            statistics.add(transmitErrors, queue.get("stats.vs.xdp_tx_err"));
            if (drops != null) {
                statistics.add(drops, queue.get("stats.vs.rx_drops"));
            }
            statistics.add(packets, queue.get("stats.vs.xdp_packets"));
            statistics.add(bytes, queue.get("stats.vs.xdp_bytes"));
        }
    }

    private void forward(NetDevice end, KObject data, LinkStatistics.Counter errors) {
        for (int i = 0; i < queueCount(end); i++) {
            statistics.add(errors, data.ptr("rq").index(i).get("stats.vs.peer_tq_xdp_xmit_err"));
        }
    }

    private static long queueCount(NetDevice end) {
        return Math.min(end.device().get("num_rx_queues"), MAX_QUEUES);
    }
}
