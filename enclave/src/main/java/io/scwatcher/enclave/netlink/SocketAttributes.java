package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.Sock;
import io.scwatcher.os.net.netlink.NetlinkReply;

/** What the answers about sockets of all families have in common. */
final class SocketAttributes {
    private SocketAttributes() {}

    /** {@code sock_diag_save_cookie}; 0 where the kernel has not numbered the socket yet. */
    static void cookie(NetlinkReply out, KObject sock) {
        out.u64(sock.get("__sk_common.skc_cookie.counter"));
    }

    /** {@code sk_get_meminfo}: nine words, SK_MEMINFO_RMEM_ALLOC to SK_MEMINFO_DROPS (include/uapi/linux/sock_diag.h). */
    static void memory(NetlinkReply out, int type, Sock sock) {
        KObject object = sock.object();
        int place = out.nest(type);
        out.u32(sock.receiveQueue()).u32(object.get("sk_rcvbuf")).u32(sock.transmitQueue()).u32(object.get("sk_sndbuf"));
        out.u32(object.get("sk_forward_alloc")).u32(object.get("sk_wmem_queued")).u32(object.get("sk_omem_alloc.counter"));
        out.u32(object.get("sk_backlog.len")).u32(sock.drops());
        out.end(place);
    }
}
