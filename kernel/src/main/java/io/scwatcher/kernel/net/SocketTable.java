package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import java.util.ArrayList;
import java.util.List;

/** Walks hash tables of sockets that several namespaces share, in the order of buckets and chains. */
final class SocketTable {
    private static final String NODE = "__sk_common.skc_node";
    private static final String NULLS_NODE = "__sk_common.skc_nulls_node";

    private SocketTable() {}

    /** Chains that end in null ({@code sk_for_each}). */
    static List<HashedSock> chains(NetNamespace net, HashBuckets buckets) {
        List<HashedSock> found = new ArrayList<>();
        buckets.forEach("sock", NODE, (bucket, sock) -> add(net, bucket, sock, found));
        return found;
    }

    /** Chains that end in a nulls marker ({@code sk_nulls_for_each}). */
    static List<HashedSock> nullsChains(NetNamespace net, HashBuckets buckets) {
        List<HashedSock> found = new ArrayList<>();
        buckets.forEachNulls("sock", NULLS_NODE, (bucket, sock) -> add(net, bucket, sock, found));
        return found;
    }

    private static void add(NetNamespace net, int bucket, KObject sock, List<HashedSock> found) {
        if (sock.get("__sk_common.skc_net.net") == net.address()) {
            found.add(new HashedSock(bucket, sock));
        }
    }
}
