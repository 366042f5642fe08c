package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.type.CType;
import java.util.ArrayList;
import java.util.List;

/**
 * The TCP sockets of a namespace in the order of /proc/net/tcp (net/ipv4/tcp_ipv4.c, tcp_seq_next): all listening ones,
 * then the established hash, which also holds connections in time-wait ({@code inet_timewait_sock}) and half-open ones
 * ({@code request_sock}). Told apart by {@link HashedSock#state()}.
 */
public final class TcpSockets {
    private static final int MAX_OWNERS = 1 << 20;

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

    /**
     * Sockets that hold a port, whether they listen, are connected or neither, and those in time-wait ({@code bhash}): what bind(2) looks at. Since 6.8 they hang on
     * buckets for port and address.
     */
    public List<HashedSock> bound() {
        List<HashedSock> found = new ArrayList<>();
        HashBuckets.of(net.kernel(), tables.get("bhash"), tables.get("bhash_size"), "inet_bind_hashbucket", "chain").forEach("inet_bind_bucket", "node", (bucket, port) -> {
            if (port.get("ib_net.net") != net.address()) {
                return;
            }
            if (port.has("owners")) {
                owners(bucket, port, found);
                return;
            }
            for (KObject address : Limited.list(Lists.hlist(port.at("bhash2"), "inet_bind2_bucket", "bhash_node"), MAX_OWNERS, "addresses of a port")) {
                owners(bucket, address, found);
            }
        });
        return found;
    }

    private static void owners(int bucket, KObject holder, List<HashedSock> found) {
        for (KObject sock : Limited.list(Lists.hlist(holder.at("owners"), "sock", "__sk_common.skc_bind_node"), MAX_OWNERS - found.size(), "sockets with ports")) {
            found.add(new HashedSock(bucket, sock));
        }
    }

    private String listenHead() {
        return net.kernel().types().struct("inet_listen_hashbucket").has("nulls_head") ? "nulls_head" : "head";
    }
}
