package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.InetSock;
import io.scwatcher.kernel.net.Sock;
import io.scwatcher.vprocfs.ProcText;

/** The parts that the lines of socket tables have in common. */
final class SocketLine {
    /** {@code IPV6_SEQ_DGRAM_HEADER} up to where the TCP file's header ends. */
    static final String HEADER_IPV6 = "  sl  local_address                         "
            + "remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    private final ProcText out;
    private final PointerText pointers;

    SocketLine(Kernel kernel, ProcText out) {
        this.out = out;
        this.pointers = PointerText.of(kernel);
    }

    /** {@code %08X:%04X} of an IPv4 address and a port. */
    SocketLine endpoint(int address, int port) {
        out.upperHex(Integer.toUnsignedLong(address), 8).put(':').upperHex(port, 4);
        return this;
    }

    /** The four words of an {@code in6_addr} and a port. */
    SocketLine endpoint(KObject address, int port) {
        for (int word = 0; word < 4; word++) {
            out.upperHex(address.memory().u32(address.address() + 4L * word), 8);
        }
        out.put(':').upperHex(port, 4);
        return this;
    }

    /** Both ends of a socket, after its family. */
    SocketLine endpoints(InetSock sock, boolean ipv6, int localPort, int remotePort) {
        if (ipv6) {
            endpoint(sock.localAddress6(), localPort);
            out.put(' ');
            return endpoint(sock.remoteAddress6(), remotePort);
        }
        endpoint(sock.localAddress(), localPort);
        out.put(' ');
        return endpoint(sock.remoteAddress(), remotePort);
    }

    /** {@code " %02X %08X:%08X %02X:%08lX %08X"}: state, queues, timer, retransmissions. */
    SocketLine state(int state, int transmit, int receive, int timer, long when, int retransmits) {
        out.put(' ').upperHex(state, 2).put(' ').upperHex(Integer.toUnsignedLong(transmit), 8).put(':')
                .upperHex(Integer.toUnsignedLong(receive), 8).put(' ').upperHex(timer, 2).put(':')
                .upperHex(when, 8).put(' ').upperHex(Integer.toUnsignedLong(retransmits), 8);
        return this;
    }

    /** {@code " %5u %8d %lu %d %pK"}: owner, probes, inode, references, address. */
    SocketLine owner(long uid, int probes, long inode, int references, long address) {
        out.put(' ').unsigned(uid, 5).put(' ').dec(probes, 8).put(' ').unsigned(inode).put(' ').dec(references).put(' ');
        pointers.restricted(out, address);
        return this;
    }

    /** Queues, owner and drops of a socket without a connection. */
    void datagram(Sock sock, int receiveQueue) {
        state(sock.state(), sock.transmitQueue(), receiveQueue, 0, 0, 0);
        owner(sock.uid(), 0, sock.inode(), sock.references(), sock.address());
        out.put(' ').unsigned(Integer.toUnsignedLong(sock.drops()));
    }
}
