package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.HashedSock;
import io.scwatcher.kernel.net.InetSock;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.Sock;
import io.scwatcher.kernel.net.TcpSock;
import io.scwatcher.kernel.net.TcpSockets;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;

/**
 * /proc/net/tcp and /proc/net/tcp6 (net/ipv4/tcp_ipv4.c, tcp4_seq_show; net/ipv6/tcp_ipv6.c, tcp6_seq_show). IPv4 lines
 * are padded with blanks, IPv6 lines are not.
 */
final class TcpFile implements NetFile {
    private static final int WIDTH_IPV4 = 149;
    private static final String HEADER_IPV4 = "  sl  local_address rem_address   st tx_queue "
            + "rx_queue tr tm->when retrnsmt   uid  timeout inode";
    private static final int TIMER_SYN_ACK = 1;
    private static final int TIMER_TIME_WAIT = 3;

    private final int family;

    /** @param family {@link Sock#AF_INET} or {@link Sock#AF_INET6} */
    TcpFile(int family) {
        this.family = family;
    }

    @Override
    public void print(NetNamespace net, ProcText out) {
        int start = out.size();
        out.put(isIpv6() ? SocketLine.HEADER_IPV6 : HEADER_IPV4);
        endLine(out, start);
        new Printer(net, out).all();
    }

    private boolean isIpv6() {
        return family == Sock.AF_INET6;
    }

    private void endLine(ProcText out, int start) {
        if (!isIpv6()) {
            out.pad(WIDTH_IPV4 - (out.size() - start), ' ');
        }
        out.put('\n');
    }

    private final class Printer {
        private final NetNamespace net;
        private final ProcText out;
        private final SocketLine line;
        private final Jiffies jiffies;
        private int number;

        Printer(NetNamespace net, ProcText out) {
            this.net = net;
            this.out = out;
            this.line = new SocketLine(net.kernel(), out);
            this.jiffies = Jiffies.of(net.kernel());
        }

        void all() {
            TcpSockets sockets = new TcpSockets(net);
            print(sockets.listening());
            print(sockets.established());
        }

        private void print(List<HashedSock> sockets) {
            for (HashedSock each : sockets) {
                if (each.family() == family) {
                    int start = out.size();
                    out.dec(number++, 4).put(": ");
                    switch (each.state()) {
                        case Sock.TCP_TIME_WAIT -> timeWait(each.sock());
                        case Sock.TCP_NEW_SYN_RECV -> request(each.sock());
                        default -> full(new TcpSock(each.sock()));
                    }
                    endLine(out, start);
                }
            }
        }

        private void full(TcpSock sock) {
            line.endpoints(sock, isIpv6(), sock.localPort(), sock.remotePort());
            TcpSock.Timer timer = sock.timer();
            long when = timer.kind() == 0 ? 0 : jiffies.clockTicksUntil(timer.expires());
            line.state(sock.state(), sock.unacknowledged(), sock.pending(), timer.kind(), when, sock.retransmits());
            line.owner(sock.uid(), sock.probesOut(), sock.inode(), sock.references(), sock.address());
            out.put(' ').unsigned(jiffies.toClockTicks(sock.retransmissionTimeout()))
                    .put(' ').unsigned(jiffies.toClockTicks(sock.acknowledgementTimeout()))
                    .put(' ').unsigned(sock.quickAndPingpong(net))
                    .put(' ').unsigned(Integer.toUnsignedLong(sock.congestionWindow()))
                    .put(' ').dec(sock.slowStartThreshold());
        }

        private void timeWait(KObject sock) {
            KObject timeWait = sock.as("inet_timewait_sock");
            InetSock ends = new InetSock(sock);
            int localPort = InetSock.networkToHost(timeWait.getInt("tw_sport"));
            line.endpoints(ends, isIpv6(), localPort, ends.remotePort());
            long when = jiffies.clockTicksUntil(timeWait.get("tw_timer.expires"));
            line.state(timeWait.getInt("tw_substate"), 0, 0, TIMER_TIME_WAIT, when, 0);
            line.owner(0, 0, 0, ends.references(), sock.address());
        }

        private void request(KObject sock) {
            KObject request = sock.as("request_sock");
            InetSock ends = new InetSock(sock);
            line.endpoints(ends, isIpv6(), ends.number(), ends.remotePort());
            long when = jiffies.clockTicksUntil(request.get("rsk_timer.expires"));
            line.state(Sock.TCP_SYN_RECV, 0, 0, TIMER_SYN_ACK, when, request.getInt("num_timeout"));
            Sock listener = new Sock(request.at("__req_common.skc_listener").deref().as("sock"));
            line.owner(listener.uid(), 0, 0, 0, sock.address());
        }
    }
}
