package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.DatagramSockets;
import io.scwatcher.kernel.net.HashedSock;
import io.scwatcher.kernel.net.InetSock;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.Sock;
import io.scwatcher.kernel.net.UdpSock;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;
import java.util.function.Function;

/**
 * The tables of sockets without connections: udp, udplite, raw, icmp and their IPv6 sisters (net/ipv4/udp.c,
 * udp4_format_sock; raw.c, raw_sock_seq_show; ping.c, ping_v4_format_sock; net/ipv6/datagram.c,
 * __ip6_dgram_sock_seq_show). A line starts with the number of the hash bucket. Of ping
 * sockets the kernel checks the family only to find a bucket's first (ping_get_next), so what follows it is shown too.
 */
final class DatagramFile implements NetFile {
    private static final int WIDTH_IPV4 = 127;
    private static final String HEADER_IPV4 = "sl  local_address rem_address   st tx_queue "
            + "rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops";

    private enum Kind { UDP, RAW, PING }

    private final Kind kind;
    private final int family;
    private final Function<NetNamespace, List<HashedSock>> sockets;

    private DatagramFile(Kind kind, int family, Function<NetNamespace, List<HashedSock>> sockets) {
        this.kind = kind;
        this.family = family;
        this.sockets = sockets;
    }

    static DatagramFile udp(int family) {
        return new DatagramFile(Kind.UDP, family, DatagramSockets::udp);
    }

    static DatagramFile udplite(int family) {
        return new DatagramFile(Kind.UDP, family, DatagramSockets::udplite);
    }

    static DatagramFile raw(int family) {
        return new DatagramFile(Kind.RAW, family,
                family == Sock.AF_INET6 ? DatagramSockets::raw6 : DatagramSockets::raw);
    }

    static DatagramFile ping(int family) {
        return new DatagramFile(Kind.PING, family, DatagramSockets::ping);
    }

    @Override
    public void print(NetNamespace net, ProcText out) {
        header(out);
        SocketLine line = new SocketLine(net.kernel(), out);
        int openBucket = -1;
        for (HashedSock each : sockets.apply(net)) {
            boolean matches = kind == Kind.RAW || each.family() == family;
            if (matches || kind == Kind.PING && each.bucket() == openBucket) {
                openBucket = each.bucket();
                int start = out.size();
                socket(each, line, out);
                endLine(out, start);
            }
        }
    }

    private boolean isIpv6() {
        return family == Sock.AF_INET6;
    }

    private void header(ProcText out) {
        int start = out.size();
        if (isIpv6()) {
            out.put(SocketLine.HEADER_IPV6).put(" ref pointer drops");
        } else {
            out.put(kind == Kind.UDP ? "   " : "  ").put(HEADER_IPV4);
        }
        endLine(out, start);
    }

    private void socket(HashedSock each, SocketLine line, ProcText out) {
        InetSock sock = kind == Kind.UDP ? new UdpSock(each.sock()) : new InetSock(each.sock());
        out.dec(each.bucket(), kind == Kind.RAW && !isIpv6() ? 4 : 5).put(": ");
        if (kind == Kind.RAW) {
            line.endpoints(sock, isIpv6(), sock.number(), 0);
        } else {
            line.endpoints(sock, isIpv6(), sock.localPort(), sock.remotePort());
        }
        line.datagram(sock, sock instanceof UdpSock udp ? udp.pending() : sock.receiveQueue());
    }

    private void endLine(ProcText out, int start) {
        if (kind != Kind.RAW && !isIpv6()) {
            out.pad(WIDTH_IPV4 - (out.size() - start), ' ');
        }
        out.put('\n');
    }
}
