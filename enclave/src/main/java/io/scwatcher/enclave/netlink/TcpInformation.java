package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.type.Field;
import io.scwatcher.kernel.type.StructType;

/**
 * {@code struct tcp_info} (net/ipv4/tcp.c, tcp_get_info), laid out as the VM's own kernel lays it out: members that it doesn't have are not there.
 */
final class TcpInformation {
    private static final int LISTEN = 10;
    /** TCP_CHRONO_BUSY, _RWND_LIMITED, _SNDBUF_LIMITED (include/linux/tcp.h). */
    private static final int CHRONOGRAPHS = 3;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final KObject sock;
    private final KObject tcp;
    private final KObject connection;
    private final Jiffies jiffies;
    private final StructType layout;
    private final byte[] bytes;

    private TcpInformation(KObject sock, Jiffies jiffies) {
        this.sock = sock;
        this.tcp = sock.as("tcp_sock");
        this.connection = sock.as("inet_connection_sock");
        this.jiffies = jiffies;
        this.layout = sock.kernel().types().struct("tcp_info");
        this.bytes = new byte[layout.size()];
    }

    static byte[] of(KObject sock, Jiffies jiffies) {
        TcpInformation information = new TcpInformation(sock, jiffies);
        information.fill();
        return information.bytes;
    }

    private void fill() {
        long state = sock.get("__sk_common.skc_state");
        put("tcpi_state", state);
        put("tcpi_pacing_rate", sock.get("sk_pacing_rate"));
        put("tcpi_max_pacing_rate", sock.get("sk_max_pacing_rate"));
        put("tcpi_reordering", tcp.get("reordering"));
        put("tcpi_snd_cwnd", tcp.get("snd_cwnd"));
        if (state == LISTEN) {
            put("tcpi_unacked", sock.get("sk_ack_backlog"));
            put("tcpi_sacked", sock.get("sk_max_ack_backlog"));
            return;
        }
        connection();
        sequence();
        counters();
    }

    private void connection() {
        put("tcpi_ca_state", connection.get("icsk_ca_state"));
        put("tcpi_retransmits", connection.get("icsk_retransmits"));
        put("tcpi_probes", connection.get("icsk_probes_out"));
        put("tcpi_backoff", connection.get("icsk_backoff"));
        long ecn = tcp.get("ecn_flags");
        boolean scaled = tcp.get("rx_opt.wscale_ok") != 0;
        put("tcpi_options", (tcp.get("rx_opt.tstamp_ok") != 0 ? 1 : 0) | (tcp.get("rx_opt.sack_ok") != 0 ? 2 : 0) | (scaled ? 4 : 0)
                | ((ecn & 1) != 0 ? 8 : 0) | ((ecn & 8) != 0 ? 16 : 0) | (tcp.get("syn_data_acked") != 0 ? 32 : 0));
        // snd_wscale and rcv_wscale are two bit-fields of one byte.
        if (scaled && layout.has("tcpi_snd_wscale")) {
            bytes[(int) layout.offsetOf("tcpi_options") + 1] = (byte) (tcp.get("rx_opt.snd_wscale") | tcp.get("rx_opt.rcv_wscale") << 4);
        }
        // delivery_rate_app_limited and fastopen_client_fail share the byte behind.
        if (layout.has("tcpi_delivery_rate_app_limited")) {
            bytes[(int) layout.offsetOf("tcpi_options") + 2] = (byte) ((tcp.get("rate_app_limited") != 0 ? 1 : 0) | tcp.getOr("fastopen_client_fail", 0) << 1);
        }
        put("tcpi_rto", micros(connection.get("icsk_rto")));
        put("tcpi_ato", micros(connection.get("icsk_ack.ato")));
        put("tcpi_rcv_mss", connection.get("icsk_ack.rcv_mss"));
        put("tcpi_pmtu", connection.get("icsk_pmtu_cookie"));
        put("tcpi_last_data_recv", millisSince(connection.get("icsk_ack.lrcvtime")));
    }

    private void sequence() {
        put("tcpi_snd_mss", tcp.get("mss_cache"));
        put("tcpi_unacked", tcp.get("packets_out"));
        put("tcpi_sacked", tcp.get("sacked_out"));
        put("tcpi_lost", tcp.get("lost_out"));
        put("tcpi_retrans", tcp.get("retrans_out"));
        put("tcpi_last_data_sent", millisSince(tcp.get("lsndtime")));
        put("tcpi_last_ack_recv", millisSince(tcp.get("rcv_tstamp")));
        put("tcpi_rcv_ssthresh", tcp.get("rcv_ssthresh"));
        put("tcpi_rtt", tcp.get("srtt_us") >>> 3);
        put("tcpi_rttvar", tcp.get("mdev_us") >>> 2);
        put("tcpi_snd_ssthresh", tcp.get("snd_ssthresh"));
        put("tcpi_advmss", tcp.get("advmss"));
        put("tcpi_rcv_rtt", tcp.get("rcv_rtt_est.rtt_us") >>> 3);
        put("tcpi_rcv_space", tcp.get("rcvq_space.space"));
        put("tcpi_notsent_bytes", Math.max(0, (int) (tcp.get("write_seq") - tcp.get("snd_nxt"))));
        put("tcpi_delivery_rate", deliveryRate());
        chronographs();
        put("tcpi_min_rtt", tcp.at("rtt_min.s").index(0).get("v"));
    }

    /** {@code tcp_compute_delivery_rate}. */
    private long deliveryRate() {
        long interval = tcp.get("rate_interval_us");
        long delivered = tcp.get("rate_delivered");
        return interval == 0 ? 0 : Long.divideUnsigned(delivered * tcp.get("mss_cache") * MICROS_PER_SECOND, interval);
    }

    /** {@code tcp_get_info_chrono_stats}: how long data waited, and for what; the stretch that goes on included. */
    private void chronographs() {
        long[] spent = new long[CHRONOGRAPHS];
        long total = 0;
        for (int i = 0; i < CHRONOGRAPHS; i++) {
            long ticks = tcp.at("chrono_stat").index(i).value();
            ticks += tcp.get("chrono_type") == i + 1 ? jiffies.now() - tcp.get("chrono_start") & 0xffff_ffffL : 0;
            spent[i] = micros(ticks);
            total += spent[i];
        }
        put("tcpi_busy_time", total);
        put("tcpi_rwnd_limited", spent[1]);
        put("tcpi_sndbuf_limited", spent[2]);
    }

    /** Members of the same name in both structures. */
    private void counters() {
        for (String name : new String[] {"total_retrans", "bytes_acked", "bytes_received", "segs_out", "segs_in", "data_segs_in", "data_segs_out",
            "delivered", "delivered_ce", "bytes_sent", "bytes_retrans", "dsack_dups", "reord_seen", "rcv_ooopack", "snd_wnd", "rcv_wnd"}) {
            if (tcp.has(name)) {
                put("tcpi_" + name, tcp.get(name));
            }
        }
    }

    private long micros(long ticks) {
        return ticks * jiffies.tickNanos() / 1000;
    }

    private long millisSince(long stamp) {
        return ((int) (jiffies.now() - stamp) & 0xffff_ffffL) * jiffies.tickNanos() / 1_000_000;
    }

    private void put(String member, long value) {
        if (!layout.has(member)) {
            return;
        }
        Field field = layout.field(member);
        int offset = (int) layout.offsetOf(member);
        for (int i = 0; i < field.type().size(); i++) {
            bytes[offset + i] = (byte) (value >>> 8 * i);
        }
    }
}
