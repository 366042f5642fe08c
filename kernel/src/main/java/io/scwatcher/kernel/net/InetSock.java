package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;

/**
 * An IPv4 or IPv6 socket: {@code struct inet_sock}. Also fits what stands in for one in the TCP tables, as far as
 * {@code struct sock_common} goes: {@code inet_timewait_sock} and {@code request_sock}.
 */
public class InetSock extends Sock {
    private final KObject inet;

    public InetSock(KObject sock) {
        super(sock);
        this.inet = sock.as("inet_sock");
    }

    /** {@code inet_rcv_saddr}: the four bytes of the IPv4 address in network order, read as a little-endian word. */
    public final int localAddress() {
        return object().getInt("__sk_common.skc_rcv_saddr");
    }

    /** {@code inet_daddr}, as {@link #localAddress()}. */
    public final int remoteAddress() {
        return object().getInt("__sk_common.skc_daddr");
    }

    /** {@code sk_v6_rcv_saddr}. */
    public final KObject localAddress6() {
        return object().at("__sk_common.skc_v6_rcv_saddr");
    }

    /** {@code sk_v6_daddr}. */
    public final KObject remoteAddress6() {
        return object().at("__sk_common.skc_v6_daddr");
    }

    /** {@code inet_num}: the local port, or a raw socket's protocol. */
    public final int number() {
        return object().getInt("__sk_common.skc_num");
    }

    /** {@code inet_sport}: the local port as it is put into packets. */
    public int localPort() {
        return networkToHost(inet.getInt("inet_sport"));
    }

    /** {@code inet_dport}. */
    public final int remotePort() {
        return networkToHost(object().getInt("__sk_common.skc_dport"));
    }

    /** {@code ntohs}. */
    public static int networkToHost(int port) {
        return Integer.reverseBytes(port) >>> 16;
    }

    /** {@code ntohl} of a {@code __be32} read as a little-endian word. */
    public static int networkToHost32(int word) {
        return Integer.reverseBytes(word);
    }
}
