package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.DatagramSockets;
import io.scwatcher.kernel.net.HashedSock;
import io.scwatcher.kernel.net.InetSock;
import io.scwatcher.kernel.net.Jiffies;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.Sock;
import io.scwatcher.kernel.net.TcpSock;
import io.scwatcher.kernel.net.TcpSockets;
import io.scwatcher.kernel.net.UdpSock;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.util.ArrayList;
import java.util.List;

/** IPv4 and IPv6 sockets: TCP, UDP, UDP-Lite and raw (net/ipv4/inet_diag.c; include/uapi/linux/inet_diag.h). */
final class InetDiag {
    private static final int REQUEST = 56;
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;
    private static final int IPPROTO_UDPLITE = 136;
    private static final int IPPROTO_RAW = 255;
    private static final int REQ_BYTECODE = 1;
    private static final int MEMINFO = 1;
    /** A protocol whose number needs more than the eight bits of the request itself, such as MPTCP. */
    private static final int REQ_PROTOCOL = 3;
    private static final int INFO = 2;
    private static final int CONG = 4;
    private static final int TOS = 5;
    private static final int TCLASS = 6;
    private static final int SKMEMINFO = 7;
    private static final int SHUTDOWN = 8;
    private static final int PROTOCOL = 10;
    private static final int SKV6ONLY = 11;
    private static final int MARK = 15;
    private static final int CLASS_ID = 17;
    private static final int CGROUP_ID = 21;
    private static final int TCP_CLOSE = 7;
    private static final int SOCK_RAW = 3;
    private static final int MAX_NAME = 16;

    private final NetNamespace net;
    private final Kernel kernel;
    private final NetlinkRequest request;
    private final NetlinkReply out;
    private final Jiffies jiffies;
    private final int family;
    private final int protocol;
    private final int extensions;
    private final long states;
    private final DiagFilter filter;

    InetDiag(NetNamespace net, NetlinkRequest request, NetlinkReply out) {
        this.net = net;
        this.kernel = net.kernel();
        this.request = request;
        this.out = out;
        this.jiffies = Jiffies.of(kernel);
        this.family = request.u8(0);
        byte[] wide = request.attributes(REQUEST).get(REQ_PROTOCOL);
        this.protocol = wide != null && wide.length >= 4 ? NetlinkRequest.word(wide, 0) : request.u8(1);
        this.extensions = request.u8(2);
        long wanted = request.u32(4) & 0xffff_ffffL;
        // Half-open connections lie in the table with a state of their own.
        this.states = (wanted & 1 << Sock.TCP_SYN_RECV) != 0 ? wanted | 1 << Sock.TCP_NEW_SYN_RECV : wanted;
        this.filter = new DiagFilter(request.attributes(REQUEST).get(REQ_BYTECODE));
    }

    void answer() {
        if (request.payload().length < REQUEST) {
            throw new VfsException(Errno.EINVAL);
        }
        if (!request.isDump()) {
            throw new VfsException(Errno.EOPNOTSUPP);
        }
        for (HashedSock each : sockets()) {
            if (each.family() == family) {
                socket(each.sock());
            }
        }
    }

    private List<HashedSock> sockets() {
        switch (protocol) {
            case IPPROTO_TCP -> {
                TcpSockets tcp = new TcpSockets(net);
                List<HashedSock> all = new ArrayList<>(tcp.listening());
                all.addAll(tcp.established());
                return all;
            }
            case IPPROTO_UDP -> {
                return DatagramSockets.udp(net);
            }
            case IPPROTO_UDPLITE -> {
                return kernel.symbols().has("udplite_table") ? DatagramSockets.udplite(net) : List.of();
            }
            case IPPROTO_RAW -> {
                return family == Sock.AF_INET ? DatagramSockets.raw(net) : DatagramSockets.raw6(net);
            }
            default -> throw new VfsException(Errno.ENOENT);
        }
    }

    private void socket(KObject object) {
        InetSock sock = new InetSock(object);
        int state = sock.state();
        boolean timeWait = protocol == IPPROTO_TCP && state == Sock.TCP_TIME_WAIT;
        int shown = timeWait ? object.as("inet_timewait_sock").getInt("tw_substate") : state;
        int localPort = sock.number();
        // raw_diag_dump looks at no states.
        if (protocol != IPPROTO_RAW && (states & 1L << shown) == 0 || !matchesPorts(localPort, sock.remotePort())) {
            return;
        }
        byte[] source = family == Sock.AF_INET ? Bytes.of(object.at("__sk_common.skc_rcv_saddr"), 4) : Bytes.of(sock.localAddress6(), 16);
        byte[] destination = family == Sock.AF_INET ? Bytes.of(object.at("__sk_common.skc_daddr"), 4) : Bytes.of(sock.remoteAddress6(), 16);
        int device = object.getInt("__sk_common.skc_bound_dev_if");
        boolean full = !timeWait && !(protocol == IPPROTO_TCP && state == Sock.TCP_NEW_SYN_RECV);
        DiagFilter.Entry entry = new DiagFilter.Entry(family, source, destination, localPort, sock.remotePort(), device,
                full ? object.get("sk_mark") & 0xffff_ffffL : 0, full ? cgroup(object) : 0, full ? object.getInt("sk_userlocks") : 0);
        if (!filter.accepts(entry)) {
            return;
        }
        Timer timer = timer(object, sock, full, timeWait);
        out.begin(request.type()).u8(family).u8(full || timeWait ? shown : Sock.TCP_SYN_RECV).u8(timer.kind()).u8(timer.retransmissions());
        out.be16(localPort).be16(sock.remotePort()).bytes(source).bytes(new byte[16 - source.length]).bytes(destination)
                .bytes(new byte[16 - destination.length]).u32(device);
        SocketAttributes.cookie(out, object);
        out.u32(timer.milliseconds());
        if (!full) {
            out.u32(0).u32(0).u32(0).u32(0);
            return;
        }
        queues(sock);
        out.u32(sock.uid()).u32(sock.inode());
        attributes(sock);
    }

    private boolean matchesPorts(int local, int remote) {
        int wantedLocal = request.u8(8) << 8 | request.u8(9);
        int wantedRemote = request.u8(10) << 8 | request.u8(11);
        return (wantedLocal == 0 || wantedLocal == local) && (wantedRemote == 0 || wantedRemote == remote);
    }

    /** What is going to happen: kinds as /proc/net/tcp has them. */
    private record Timer(int kind, int retransmissions, long milliseconds) {}

    private Timer timer(KObject object, InetSock sock, boolean full, boolean timeWait) {
        if (timeWait) {
            return new Timer(3, 0, milliseconds(object.as("inet_timewait_sock").get("tw_timer.expires")));
        }
        if (!full) {
            KObject open = object.as("request_sock");
            return new Timer(1, open.getInt("num_retrans"), milliseconds(open.get("rsk_timer.expires")));
        }
        if (protocol != IPPROTO_TCP) {
            return new Timer(0, 0, 0);
        }
        TcpSock tcp = new TcpSock(object);
        TcpSock.Timer next = tcp.timer();
        return switch (next.kind()) {
            case 0 -> new Timer(0, 0, 0);
            case 1 -> new Timer(1, tcp.retransmits(), milliseconds(next.expires()));
            default -> new Timer(next.kind(), tcp.probesOut(), milliseconds(next.expires()));
        };
    }

    /** {@code jiffies_delta_to_msecs} of the time from now. */
    private long milliseconds(long expires) {
        return Math.max(0, expires - jiffies.now()) * jiffies.tickNanos() / 1_000_000;
    }

    private void queues(InetSock sock) {
        if (protocol == IPPROTO_TCP) {
            TcpSock tcp = new TcpSock(sock.object());
            boolean listening = sock.state() == Sock.TCP_LISTEN;
            out.u32(tcp.pending()).u32(listening ? sock.object().get("sk_max_ack_backlog") : tcp.unacknowledged());
        } else if (protocol == IPPROTO_RAW) {
            out.u32(sock.receiveQueue()).u32(sock.transmitQueue());
        } else {
            out.u32(new UdpSock(sock.object()).pending()).u32(sock.transmitQueue());
        }
    }

    private void attributes(InetSock sock) {
        KObject object = sock.object();
        KObject inet = object.as("inet_sock");
        out.attribute8(SHUTDOWN, object.get("sk_shutdown"));
        if (wants(TOS)) {
            out.attribute8(TOS, inet.get("tos"));
        }
        if (family == Sock.AF_INET6) {
            if (wants(TCLASS)) {
                out.attribute8(TCLASS, inet.ptr("pinet6").get("tclass"));
            }
            if (sock.state() == Sock.TCP_LISTEN || sock.state() == TCP_CLOSE) {
                out.attribute8(SKV6ONLY, object.get("__sk_common.skc_ipv6only"));
            }
        }
        out.attribute32(MARK, object.get("sk_mark"));
        if (wants(TCLASS)) {
            out.attribute32(CLASS_ID, object.get("sk_priority"));
        }
        long cgroup = cgroup(object);
        if (cgroup != 0) {
            int place = out.nest(CGROUP_ID);
            out.u64(cgroup).end(place);
        }
        if (wants(MEMINFO)) {
            int place = out.nest(MEMINFO);
            out.u32(sock.receiveQueue()).u32(object.get("sk_wmem_queued")).u32(object.get("sk_forward_alloc")).u32(sock.transmitQueue());
            out.end(place);
        }
        if (wants(SKMEMINFO)) {
            SocketAttributes.memory(out, SKMEMINFO, sock);
        }
        if (sock.type() == SOCK_RAW) {
            out.attribute8(PROTOCOL, sock.protocol());
        }
        if (protocol == IPPROTO_TCP) {
            connection(object);
        }
    }

    private void connection(KObject object) {
        if (wants(INFO)) {
            out.attribute(INFO, TcpInformation.of(object, jiffies));
        }
        KObject control = object.as("inet_connection_sock").ptr("icsk_ca_ops");
        if (wants(CONG) && !control.isNull()) {
            out.attribute(CONG, control.string("name", MAX_NAME));
        }
    }

    private boolean wants(int extension) {
        return (extensions & 1 << extension - 1) != 0;
    }

    /** The ID of the socket's control group; 0 where kernels before 5.15 keep it in a shared word, or for none. */
    private static long cgroup(KObject object) {
        if (!object.has("sk_cgrp_data.cgroup")) {
            return 0;
        }
        KObject cgroup = object.ptr("sk_cgrp_data.cgroup");
        return cgroup.isNull() ? 0 : cgroup.ptr("kn").get("id");
    }
}
