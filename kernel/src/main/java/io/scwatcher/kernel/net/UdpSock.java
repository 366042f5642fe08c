package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;

/** A UDP or UDP-Lite socket: {@code struct udp_sock} (include/linux/udp.h). */
public final class UdpSock extends InetSock {
    private final KObject udp;

    public UdpSock(KObject sock) {
        super(sock);
        this.udp = sock.as("udp_sock");
    }

    /** {@code udp_rqueue_get}: bytes received that were not read. */
    public int pending() {
        return receiveQueue() - udp.getInt("forward_deficit");
    }
}
