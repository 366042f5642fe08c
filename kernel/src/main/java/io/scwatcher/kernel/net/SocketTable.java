package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/** Walks hash tables of sockets that several namespaces share, in the order of buckets and chains. */
final class SocketTable {
    private static final String NODE = "__sk_common.skc_node";
    private static final String NULLS_NODE = "__sk_common.skc_nulls_node";

    private SocketTable() {}

    /** Chains that end in null ({@code sk_for_each}). */
    static List<HashedSock> chains(NetNamespace net, HashBuckets buckets) {
        return walk(net, buckets, false);
    }

    /** Chains that end in a nulls marker ({@code sk_nulls_for_each}). */
    static List<HashedSock> nullsChains(NetNamespace net, HashBuckets buckets) {
        return walk(net, buckets, true);
    }

    private static List<HashedSock> walk(NetNamespace net, HashBuckets buckets, boolean nulls) {
        List<HashedSock> found = new ArrayList<>();
        buckets.forEachOccupied((bucket, head) -> {
            KObject at = net.kernel().at(head, nulls ? "hlist_nulls_head" : "hlist_head");
            Iterable<KObject> chain = nulls ? Lists.nulls(at, "sock", NULLS_NODE) : Lists.hlist(at, "sock", NODE);
            for (KObject sock : chain) {
                if (sock.get("__sk_common.skc_net.net") == net.address()) {
                    found.add(new HashedSock(bucket, sock));
                }
            }
        });
        return found;
    }
}
