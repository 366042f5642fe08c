package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.StructType;

/** A socket's protocol side: {@code struct sock} (include/net/sock.h). */
public class Sock {
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    /** States of include/net/tcp_states.h, used by other families too. */
    public static final int TCP_ESTABLISHED = 1;
    public static final int TCP_SYN_RECV = 3;
    public static final int TCP_TIME_WAIT = 6;
    public static final int TCP_LISTEN = 10;
    public static final int TCP_NEW_SYN_RECV = 12;

    private final KObject sock;
    /** The {@code struct socket_alloc} around its {@code struct socket}, once known. */
    private KObject socketInode;

    public Sock(KObject sock) {
        this.sock = sock;
    }

    public final KObject object() {
        return sock;
    }

    public final Kernel kernel() {
        return sock.kernel();
    }

    public final long address() {
        return sock.address();
    }

    public final int family() {
        return sock.getInt("__sk_common.skc_family");
    }

    public final int state() {
        return sock.getInt("__sk_common.skc_state");
    }

    /** {@code sock_net(sk)}. */
    public final long net() {
        return sock.get("__sk_common.skc_net.net");
    }

    /** {@code SOCK_STREAM} and so on. */
    public final int type() {
        return sock.getInt("sk_type");
    }

    /** {@code IPPROTO_TCP} and so on, or the family's own numbers. */
    public final int protocol() {
        return sock.getInt("sk_protocol");
    }

    public final int references() {
        return sock.getInt("__sk_common.skc_refcnt.refs.counter");
    }

    /** The address of the {@code struct socket}; 0 once user space let go of it. */
    public final long socket() {
        return sock.get("sk_socket");
    }

    /** {@code sock_i_ino}: as in {@code socket:[4711]}, or 0. Kept in the sock itself since 6.16 (sk_ino). */
    public final long inode() {
        return sock.has("sk_ino") ? sock.get("sk_ino") : ofInode("vfs_inode.i_ino");
    }

    /**
     * The owner's id in the initial user namespace. Until 6.16 {@code sock_i_uid} took it from the socket's inode,
     * since then {@code sk_uid} reads the sock's own.
     */
    public final long uid() {
        boolean fromInode = !sock.has("sk_uid") || kernel().symbols().has("sock_i_uid");
        return fromInode ? ofInode("vfs_inode.i_uid.val") : sock.get("sk_uid.val");
    }

    /** {@code sk_wmem_alloc_get}: bytes in the transmit queue. */
    public final int transmitQueue() {
        CType counter = sock.at("sk_wmem_alloc").type();
        String path = counter instanceof StructType struct && struct.has("refs.counter")
                ? "sk_wmem_alloc.refs.counter" : "sk_wmem_alloc.counter";
        return sock.getInt(path) - 1;
    }

    /** {@code sk_rmem_alloc_get}: bytes in the receive queue. */
    public final int receiveQueue() {
        return sock.getInt("sk_backlog.rmem_alloc.counter");
    }

    /** {@code sk_drops_read}: packets dropped; since 6.18 some sockets count for each NUMA node. */
    public final int drops() {
        if (sock.has("sk_drop_counters")) {
            KObject counters = sock.ptr("sk_drop_counters");
            if (!counters.isNull()) {
                return counters.getInt("drops0.counter") + counters.getInt("drops1.counter");
            }
        }
        return sock.getInt("sk_drops.counter");
    }

    private long ofInode(String path) {
        if (socketInode == null) {
            long socket = socket();
            if (socket == 0) {
                return 0;
            }
            socketInode = kernel().at(socket, "socket").containerOf("socket_alloc", "socket");
        }
        return socketInode.get(path);
    }
}
