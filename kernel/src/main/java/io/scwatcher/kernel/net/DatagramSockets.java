package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.CType;
import java.util.List;

/**
 * The sockets without connections of a namespace in the order of their /proc files: UDP and UDP-Lite (net/ipv4/udp.c,
 * udp_get_first), raw (net/ipv4/raw.c, raw_get_first) and ping sockets (net/ipv4/ping.c, ping_get_first).
 */
public final class DatagramSockets {
    private static final int PING_BUCKETS = 64;

    private DatagramSockets() {}

    /** UDP sockets of both families. Namespaces can have tables of their own since 6.2. */
    public static List<HashedSock> udp(NetNamespace net) {
        KObject own = net.net().has("ipv4.udp_table") ? net.net().ptr("ipv4.udp_table")
                : net.kernel().object("udp_table", "udp_table");
        return table(net, own);
    }

    /** UDP-Lite sockets of both families; gone in 7.1. */
    public static List<HashedSock> udplite(NetNamespace net) {
        return table(net, net.kernel().object("udplite_table", "udp_table"));
    }

    /** Raw IPv4 sockets. */
    public static List<HashedSock> raw(NetNamespace net) {
        return raw(net, net.kernel().object("raw_v4_hashinfo", "raw_hashinfo"));
    }

    /** Raw IPv6 sockets. */
    public static List<HashedSock> raw6(NetNamespace net) {
        return raw(net, net.kernel().object("raw_v6_hashinfo", "raw_hashinfo"));
    }

    /** Ping sockets of both families. Chains ended in nulls markers until 5.19. */
    public static List<HashedSock> ping(NetNamespace net) {
        Kernel kernel = net.kernel();
        HashBuckets buckets = HashBuckets.ofHeads(kernel, kernel.address("ping_table"), PING_BUCKETS);
        return pingUsesNulls(kernel) ? SocketTable.nullsChains(net, buckets) : SocketTable.chains(net, buckets);
    }

    private static boolean pingUsesNulls(Kernel kernel) {
        if (kernel.types().hasStruct("ping_table")) {
            CType.Array hash = (CType.Array) kernel.types().struct("ping_table").field("hash").type();
            return hash.element().name().equals("hlist_nulls_head");
        }
        long first = kernel.memory().u64(kernel.address("ping_table"));
        return (first & 1) != 0;
    }

    private static List<HashedSock> table(NetNamespace net, KObject table) {
        HashBuckets buckets = HashBuckets.of(net.kernel(), table.get("hash"), table.get("mask") + 1, "udp_hslot", "head");
        return SocketTable.chains(net, buckets);
    }

    private static List<HashedSock> raw(NetNamespace net, KObject table) {
        KObject heads = table.at("ht");
        int size = ((CType.Array) heads.type()).length();
        return SocketTable.chains(net, HashBuckets.ofHeads(heads, size));
    }
}
