package io.scwatcher.kernel.net;

import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_BYTES;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_DROPPED;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_FRAME_ERRORS;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_LENGTH_ERRORS;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.RX_PACKETS;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_BYTES;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_DROPPED;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_ERRORS;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_FIFO_ERRORS;
import static io.scwatcher.kernel.net.LinkStatistics.Counter.TX_PACKETS;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;

/** The counters of a virtio network device: one set for each queue (drivers/net/virtio_net.c, virtnet_stats). */
final class VirtioStatistics {
    private static final int MAX_QUEUES = 4096;

    private final NetDevice device;
    private final LinkStatistics statistics;

    VirtioStatistics(NetDevice device, LinkStatistics statistics) {
        this.device = device;
        this.statistics = statistics;
    }

    void add() {
        KObject info = DeviceStatistics.privateData(device, "virtnet_info");
        if (info.get("dev") != device.address()) {
            throw new NoSuchFieldInKernel("struct virtnet_info", "dev");
        }
        long queues = Math.min(info.get("max_queue_pairs"), MAX_QUEUES);
        for (int i = 0; i < queues; i++) {
            KObject send = info.ptr("sq").index(i).at("stats");
            KObject receive = info.ptr("rq").index(i).at("stats");
            statistics.add(TX_PACKETS, send.get("packets"));
            statistics.add(TX_BYTES, send.get("bytes"));
            statistics.add(TX_ERRORS, send.getOr("tx_timeouts", 0));
            statistics.add(RX_PACKETS, receive.get("packets"));
            statistics.add(RX_BYTES, receive.get("bytes"));
            statistics.add(RX_DROPPED, receive.get("drops"));
        }
        statistics.addFrom(device.device().at("stats"), TX_DROPPED, TX_FIFO_ERRORS, RX_LENGTH_ERRORS, RX_FRAME_ERRORS);
    }
}
