package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.type.CType;
import java.util.List;

/**
 * The TCP sockets of a namespace in the order of /proc/net/tcp (net/ipv4/tcp_ipv4.c, tcp_seq_next): all listening ones,
 * then the established hash, which also holds connections in time-wait ({@code inet_timewait_sock}) and half-open ones
 * ({@code request_sock}). Told apart by {@link HashedSock#state()}.
 */
public final class TcpSockets {
    private final NetNamespace net;
    private final KObject tables;

    public TcpSockets(NetNamespace net) {
        this.net = net;
        KObject deathRow = net.follow("ipv4.tcp_death_row");
        this.tables = deathRow.ptr("hashinfo");
    }

    /** Listening sockets of both families. Until 5.18 in a table by port, since then by port and address. */
    public List<HashedSock> listening() {
        HashBuckets buckets;
        if (tables.has("listening_hash")) {
            KObject table = tables.at("listening_hash");
            int size = ((CType.Array) table.type()).length();
            buckets = HashBuckets.of(net.kernel(), table.address(), size, "inet_listen_hashbucket", listenHead());
        } else {
            buckets = HashBuckets.of(net.kernel(), tables.get("lhash2"), tables.get("lhash2_mask") + 1,
                    "inet_listen_hashbucket", listenHead());
        }
        return listenHead().equals("head") ? SocketTable.chains(net, buckets) : SocketTable.nullsChains(net, buckets);
    }

    /** Sockets with both ends, of both families. */
    public List<HashedSock> established() {
        return SocketTable.nullsChains(net, HashBuckets.of(net.kernel(), tables.get("ehash"),
                tables.get("ehash_mask") + 1, "inet_ehash_bucket", "chain"));
    }

    private String listenHead() {
        return net.kernel().types().struct("inet_listen_hashbucket").has("nulls_head") ? "nulls_head" : "head";
    }
}
