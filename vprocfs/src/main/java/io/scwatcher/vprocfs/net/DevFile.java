package io.scwatcher.vprocfs.net;

import static io.scwatcher.kernel.net.LinkStatistics.Counter.*;

import io.scwatcher.kernel.net.DeviceStatistics;
import io.scwatcher.kernel.net.LinkStatistics;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/dev (net/core/net-procfs.c, dev_seq_printf_stats). */
final class DevFile implements NetFile {
    @Override
    public void print(NetNamespace net, ProcText out) {
        out.put("Inter-|   Receive                                                |  Transmit\n");
        out.put(" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs ");
        out.put("drop fifo colls carrier compressed\n");
        for (NetDevice device : NetDevice.byIndex(net)) {
            line(device.name(), DeviceStatistics.of(device), out);
        }
    }

    private static void line(String name, LinkStatistics counters, ProcText out) {
        out.right(name, 6).put(": ").unsigned(counters.get(RX_BYTES), 7)
                .put(' ').unsigned(counters.get(RX_PACKETS), 7)
                .put(' ').unsigned(counters.get(RX_ERRORS), 4)
                .put(' ').unsigned(counters.sum(RX_DROPPED, RX_MISSED_ERRORS), 4)
                .put(' ').unsigned(counters.get(RX_FIFO_ERRORS), 4)
                .put(' ').unsigned(counters.sum(RX_LENGTH_ERRORS, RX_OVER_ERRORS, RX_CRC_ERRORS, RX_FRAME_ERRORS), 5)
                .put(' ').unsigned(counters.get(RX_COMPRESSED), 10)
                .put(' ').unsigned(counters.get(MULTICAST), 9)
                .put(' ').unsigned(counters.get(TX_BYTES), 8)
                .put(' ').unsigned(counters.get(TX_PACKETS), 7)
                .put(' ').unsigned(counters.get(TX_ERRORS), 4)
                .put(' ').unsigned(counters.get(TX_DROPPED), 4)
                .put(' ').unsigned(counters.get(TX_FIFO_ERRORS), 4)
                .put(' ').unsigned(counters.get(COLLISIONS), 5)
                .put(' ').unsigned(counters.sum(TX_CARRIER_ERRORS, TX_ABORTED_ERRORS, TX_WINDOW_ERRORS,
                        TX_HEARTBEAT_ERRORS), 7)
                .put(' ').unsigned(counters.get(TX_COMPRESSED), 10).put('\n');
    }
}
