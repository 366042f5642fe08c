package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.List;

/**
 * The Unix sockets of a namespace in the order of /proc/net/unix (net/unix/af_unix.c, unix_get_first). One table for
 * all namespaces until 5.18 ({@code unix_socket_table}), then one for each ({@code net->unx.table}).
 */
public final class UnixSockets {
    /** {@code UNIX_HASH_SIZE} since 5.19, {@code 2 * UNIX_HASH_SIZE} before: named and unnamed halves of 256. */
    private static final int BUCKETS = 512;

    private UnixSockets() {}

    public static List<HashedSock> of(NetNamespace net) {
        Kernel kernel = net.kernel();
        KObject object = net.net();
        long heads = object.has("unx.table.buckets") ? object.get("unx.table.buckets")
                : kernel.address("unix_socket_table");
        return SocketTable.chains(net, HashBuckets.ofHeads(kernel, heads, BUCKETS));
    }
}
