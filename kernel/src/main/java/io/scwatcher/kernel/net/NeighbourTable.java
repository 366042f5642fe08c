package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A table of neighbours' hardware addresses: {@code struct neigh_table} (include/net/neighbour.h), for all namespaces.
 *
 * @param table the {@code struct neigh_table}
 */
public record NeighbourTable(KObject table) {
    private static final int MAX_SHIFT = 24;
    private static final int PROXY_BUCKETS = 16;

    /** IPv4's. */
    public static NeighbourTable arp(Kernel kernel) {
        return new NeighbourTable(kernel.object("arp_tbl", "neigh_table"));
    }

    /** IPv6's. */
    public static NeighbourTable ndisc(Kernel kernel) {
        return new NeighbourTable(kernel.object("nd_tbl", "neigh_table"));
    }

    /** A namespace's neighbours ({@code struct neighbour}) in the order of the hash. Linked as hlists since 6.13. */
    public List<KObject> neighbours(NetNamespace net) {
        KObject hash = table.ptr("nht");
        long shift = hash.get("hash_shift");
        List<KObject> found = new ArrayList<>();
        if (shift > MAX_SHIFT) {
            table.kernel().anomalies().record("neighbour table claims 2^%d buckets".formatted(shift));
            return found;
        }
        boolean lists = hash.has("hash_heads");
        HashBuckets buckets = HashBuckets.ofHeads(table.kernel(), hash.get(lists ? "hash_heads" : "hash_buckets"),
                1L << shift);
        if (lists) {
            buckets.forEach("neighbour", "hash", (bucket, neighbour) -> add(net, neighbour, found));
        } else {
            Set<Long> seen = new HashSet<>();
            buckets.forEachOccupied((bucket, head) -> {
                for (KObject neighbour : chain(head, "neighbour", seen)) {
                    add(net, neighbour, found);
                }
            });
        }
        return found;
    }

    private static void add(NetNamespace net, KObject neighbour, List<KObject> found) {
        if (neighbour.ptr("dev").get("nd_net.net") == net.address()) {
            found.add(neighbour);
        }
    }

    /** Addresses that a namespace answers for on behalf of others ({@code struct pneigh_entry}). */
    public List<KObject> proxies(NetNamespace net) {
        List<KObject> found = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        HashBuckets.ofHeads(table.kernel(), table.get("phash_buckets"), PROXY_BUCKETS).forEachOccupied((bucket, head) -> {
            for (KObject proxy : chain(head, "pneigh_entry", seen)) {
                if (proxy.get("net.net") == net.address()) {
                    found.add(proxy);
                }
            }
        });
        return found;
    }

    /** A CPU's counters: {@code struct neigh_statistics}. */
    public KObject statistics(int cpu) {
        Kernel kernel = table.kernel();
        return kernel.at(kernel.perCpu(table.get("stats"), cpu), "neigh_statistics");
    }

    /** Entries of all namespaces. */
    public int entries() {
        return table.getInt("entries.counter");
    }

    private List<KObject> chain(long head, String structure, Set<Long> seen) {
        List<KObject> chain = new ArrayList<>();
        KObject entry = table.kernel().at(table.kernel().memory().u64(head), structure);
        while (!entry.isNull()) {
            if (!seen.add(entry.address())) {
                table.kernel().anomalies().record(structure + " list runs in a circle");
                break;
            }
            chain.add(entry);
            entry = entry.ptr("next").as(structure);
        }
        return chain;
    }
}
