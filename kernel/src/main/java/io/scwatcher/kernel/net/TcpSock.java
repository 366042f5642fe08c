package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;

/**
 * A TCP socket in full: {@code struct tcp_sock} (include/linux/tcp.h) with the {@code inet_connection_sock} in it. What
 * /proc/net/tcp prints of it is in net/ipv4/tcp_ipv4.c, get_tcp4_sock.
 */
public final class TcpSock extends InetSock {
    private static final int TIME_RETRANSMIT = 1;
    private static final int TIME_PROBE0 = 3;
    private static final int TIME_LOSS_PROBE = 5;
    private static final int TIME_REORDERING = 6;
    private static final int INFINITE_SSTHRESH = 0x7fffffff;
    /** A constant until 6.7 (briefly 3, in stable kernels 1 again), then a sysctl. */
    private static final int PINGPONG_THRESHOLD = 1;

    private final KObject tcp;
    private final KObject connection;

    /**
     * A timer of a connection as /proc/net/tcp shows it.
     *
     * @param kind 0 none, 1 retransmission, 2 keep-alive, 3 time-wait, 4 zero window probe
     * @param expires in jiffies; meaningless for kind 0
     */
    public record Timer(int kind, long expires) {}

    public TcpSock(KObject sock) {
        super(sock);
        this.tcp = sock.as("tcp_sock");
        this.connection = sock.as("inet_connection_sock");
    }

    /** The timer that is going to fire. */
    public Timer timer() {
        return switch (connection.getInt("icsk_pending")) {
            case TIME_RETRANSMIT, TIME_LOSS_PROBE, TIME_REORDERING -> new Timer(1, retransmitExpires());
            case TIME_PROBE0 -> new Timer(4, retransmitExpires());
            default -> keepalive();
        };
    }

    /** Since 6.19 the retransmission timer lies in the sock and tells its own time. */
    private long retransmitExpires() {
        if (connection.has("icsk_timeout")) {
            return connection.get("icsk_timeout");
        }
        return object().has("tcp_retransmit_timer") ? object().get("tcp_retransmit_timer.expires")
                : connection.get("icsk_retransmit_timer.expires");
    }

    /** {@code sk_timer} until 6.18, then {@code icsk_keepalive_timer}. */
    private Timer keepalive() {
        KObject timer = connection.has("icsk_keepalive_timer") ? connection.at("icsk_keepalive_timer")
                : object().at("sk_timer");
        return timer.get("entry.pprev") != 0 ? new Timer(2, timer.get("expires")) : new Timer(0, 0);
    }

    /** Bytes sent or queued that were not acknowledged. */
    public int unacknowledged() {
        return (int) (tcp.get("write_seq") - tcp.get("snd_una"));
    }

    /** Bytes received that were not read; for a listening socket the connections that wait to be accepted. */
    public int pending() {
        if (state() == TCP_LISTEN) {
            return object().getInt("sk_ack_backlog");
        }
        return Math.max((int) (tcp.get("rcv_nxt") - tcp.get("copied_seq")), 0);
    }

    public int retransmits() {
        return connection.getInt("icsk_retransmits");
    }

    public int probesOut() {
        return connection.getInt("icsk_probes_out");
    }

    /** Retransmission timeout in jiffies. */
    public long retransmissionTimeout() {
        return connection.get("icsk_rto");
    }

    /** Delayed-acknowledgement timeout in jiffies. */
    public long acknowledgementTimeout() {
        return connection.get("icsk_ack.ato");
    }

    /** Quick acknowledgements left, times two, plus 1 in interactive mode. */
    public int quickAndPingpong(NetNamespace net) {
        int threshold = net.net().has("ipv4.sysctl_tcp_pingpong_thresh")
                ? net.net().getInt("ipv4.sysctl_tcp_pingpong_thresh") : PINGPONG_THRESHOLD;
        boolean pingpong = connection.getInt("icsk_ack.pingpong") >= threshold;
        return connection.getInt("icsk_ack.quick") << 1 | (pingpong ? 1 : 0);
    }

    public int congestionWindow() {
        return tcp.getInt("snd_cwnd");
    }

    /** The slow-start threshold, -1 while there is none; for a listening socket the fast-open queue's length. */
    public int slowStartThreshold() {
        if (state() == TCP_LISTEN) {
            return connection.getInt("icsk_accept_queue.fastopenq.max_qlen");
        }
        int threshold = tcp.getInt("snd_ssthresh");
        return Integer.compareUnsigned(threshold, INFINITE_SSTHRESH) >= 0 ? -1 : threshold;
    }
}
