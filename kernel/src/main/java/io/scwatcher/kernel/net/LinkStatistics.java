package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;

/** A device's packet counters: {@code struct rtnl_link_stats64} (include/uapi/linux/if_link.h). */
public final class LinkStatistics {
    /** The counters in the structure's order. */
    public enum Counter {
        RX_PACKETS, TX_PACKETS, RX_BYTES, TX_BYTES, RX_ERRORS, TX_ERRORS, RX_DROPPED, TX_DROPPED, MULTICAST, COLLISIONS,
        RX_LENGTH_ERRORS, RX_OVER_ERRORS, RX_CRC_ERRORS, RX_FRAME_ERRORS, RX_FIFO_ERRORS, RX_MISSED_ERRORS,
        TX_ABORTED_ERRORS, TX_CARRIER_ERRORS, TX_FIFO_ERRORS, TX_HEARTBEAT_ERRORS, TX_WINDOW_ERRORS,
        RX_COMPRESSED, TX_COMPRESSED, RX_NOHANDLER, RX_OTHERHOST_DROPPED;

        private final String field = name().toLowerCase(java.util.Locale.ROOT);

        /** The kernel's name: {@code rx_packets}. */
        public String field() {
            return field;
        }
    }

    private final long[] values = new long[Counter.values().length];

    public long get(Counter counter) {
        return values[counter.ordinal()];
    }

    /** The sum of several counters. */
    public long sum(Counter... counters) {
        long sum = 0;
        for (Counter counter : counters) {
            sum += get(counter);
        }
        return sum;
    }

    void add(Counter counter, long value) {
        values[counter.ordinal()] += value;
    }

    /** Adds those counters that a structure has under the kernel's names. */
    void addAll(KObject structure) {
        for (Counter counter : Counter.values()) {
            addFrom(structure, counter);
        }
    }

    /** Adds some of a structure's counters. */
    void addFrom(KObject structure, Counter... counters) {
        for (Counter counter : counters) {
            if (structure.has(counter.field())) {
                add(counter, structure.get(counter.field()));
            }
        }
    }
}
