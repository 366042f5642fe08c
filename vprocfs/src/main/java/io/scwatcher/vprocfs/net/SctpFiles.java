package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.InetSock;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.Sctp;
import io.scwatcher.kernel.net.Sock;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;

/** sctp/eps, sctp/assocs and sctp/remaddr (net/sctp/proc.c). */
final class SctpFiles {
    private static final int POINTER_WIDTH = 8;

    private SctpFiles() {}

    /** {@code sctp_eps_seq_show}. */
    static void endpoints(NetNamespace net, ProcText out) {
        out.put(" ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n");
        PointerText pointers = PointerText.of(net.kernel());
        for (Sctp.Endpoint each : new Sctp(net).endpoints()) {
            KObject common = each.endpoint().at("base");
            Sock sock = new Sock(common.ptr("sk").as("sock"));
            pointers.restricted(out, each.endpoint().address(), POINTER_WIDTH);
            pointers.restricted(out.put(' '), sock.address(), POINTER_WIDTH);
            out.put(' ').left(style(sock), 3).put(' ').left(Integer.toString(sock.state()), 3)
                    .put(' ').left(Integer.toString(each.bucket()), 4)
                    .put(' ').left(Long.toString(common.get("bind_addr.port")), 5)
                    .put(' ').unsigned(sock.uid(), 5).put(' ').unsigned(sock.inode(), 5).put(' ');
            localAddresses(common, out);
            out.put('\n');
        }
    }

    /** {@code sctp_assocs_seq_show}. */
    static void associations(NetNamespace net, ProcText out) {
        out.put(" ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS ");
        out.put("HBINT INS OUTS MAXRT T1X T2X RTXC wmema wmemq sndbuf rcvbuf\n");
        PointerText pointers = PointerText.of(net.kernel());
        for (KObject each : new Sctp(net).associations()) {
            Sock sock = new Sock(each.ptr("base.sk").as("sock"));
            pointers.restricted(out, each.address(), POINTER_WIDTH);
            pointers.restricted(out.put(' '), sock.address(), POINTER_WIDTH);
            out.put(' ').left(style(sock), 3).put(' ').left(Integer.toString(sock.state()), 3)
                    .put(' ').left(Long.toString(each.get("state")), 2).put(" 0    ")
                    .dec(each.getInt("assoc_id"), 4).put(' ').dec(each.getInt("sndbuf_used"), 8)
                    .put(' ').dec(each.getInt("rmem_alloc.counter"), 8)
                    .put(' ').unsigned(sock.uid(), 7).put(' ').unsigned(sock.inode(), 5)
                    .put(' ').left(Long.toString(each.get("base.bind_addr.port")), 5)
                    .put(' ').dec(each.get("peer.port"), 5).put("  ");
            localAddresses(each.at("base"), out);
            remoteAddresses(each, out.put("<-> "));
            numbers(each, sock, out);
        }
    }

    private static void numbers(KObject association, Sock sock, ProcText out) {
        out.put('\t').unsigned(association.get("hbinterval"), 8)
                .put(' ').dec(association.get("stream.incnt"), 5).put(' ').dec(association.get("stream.outcnt"), 5)
                .put(' ').dec(association.getInt("max_retrans"), 4).put(' ').dec(association.getInt("init_retries"), 4)
                .put(' ').dec(association.getInt("shutdown_retries"), 4)
                .put(' ').dec(association.getInt("rtx_data_chunks"), 8)
                .put(' ').dec(sock.transmitQueue() + 1, 8)
                .put(' ').dec(sock.object().getInt("sk_wmem_queued"), 8)
                .put(' ').dec(sock.object().getInt("sk_sndbuf"), 8)
                .put(' ').dec(sock.object().getInt("sk_rcvbuf"), 8).put('\n');
    }

    /** {@code sctp_remaddr_seq_show}. */
    static void remoteAddresses(NetNamespace net, ProcText out) {
        out.put("ADDR ASSOC_ID HB_ACT RTO MAX_PATH_RTX REM_ADDR_RTX START STATE\n");
        for (KObject association : new Sctp(net).associations()) {
            for (KObject path : Sctp.transports(association)) {
                address(path.at("ipaddr"), out);
                boolean heartbeat = path.get("hb_timer.entry.pprev") != 0;
                out.put(' ').dec(association.getInt("assoc_id")).put(heartbeat ? " 1 " : " 0 ")
                        .unsigned(path.get("rto")).put(' ').dec(path.get("pathmaxrxt")).put(" 0 0 ")
                        .dec(path.getInt("state")).put('\n');
            }
        }
    }

    /** {@code SCTP_SOCKET_TCP} and so on. */
    private static String style(Sock sock) {
        return Integer.toString(sock.object().as("sctp_sock").getInt("type"));
    }

    private static void localAddresses(KObject common, ProcText out) {
        addresses(Sctp.localAddresses(common), Sctp.primaryLocal(common), out);
    }

    private static void remoteAddresses(KObject association, ProcText out) {
        List<KObject> addresses = Sctp.transports(association).stream().map(path -> path.at("ipaddr")).toList();
        addresses(addresses, association.at("peer.primary_addr"), out);
    }

    /** The primary one is marked with an asterisk. */
    private static void addresses(List<KObject> addresses, KObject primary, ProcText out) {
        for (KObject each : addresses) {
            out.put(primary != null && isSame(each, primary) ? "*" : "");
            address(each, out);
        }
    }

    private static boolean isSame(KObject a, KObject b) {
        if (a.get("sa.sa_family") != b.get("sa.sa_family")) {
            return false;
        }
        if (a.get("sa.sa_family") == Sock.AF_INET) {
            return a.get("v4.sin_port") == b.get("v4.sin_port") && a.get("v4.sin_addr.s_addr") == b.get("v4.sin_addr.s_addr");
        }
        long first = a.at("v6.sin6_addr").address();
        long second = b.at("v6.sin6_addr").address();
        return a.get("v6.sin6_port") == b.get("v6.sin6_port") && a.memory().u64(first) == b.memory().u64(second)
                && a.memory().u64(first + Long.BYTES) == b.memory().u64(second + Long.BYTES);
    }

    private static void address(KObject address, ProcText out) {
        if (address.get("sa.sa_family") == Sock.AF_INET) {
            int host = InetSock.networkToHost32(address.getInt("v4.sin_addr.s_addr"));
            out.put(AddressText.dotted(Integer.toUnsignedLong(host)));
        } else {
            AddressText.grouped6(out, address.at("v6.sin6_addr"));
        }
        out.put(' ');
    }
}
