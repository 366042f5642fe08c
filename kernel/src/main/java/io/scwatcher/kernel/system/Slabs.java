package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/** The caches of SLUB and what is in use of them (mm/slub.c, {@code get_slabinfo}). */
public final class Slabs {
    /** {@code OO_SHIFT}: the order lies above it, the objects of a slab below. */
    private static final int OO_SHIFT = 16;
    /** {@code MAX_PARTIAL_TO_SCAN}, since 6.10: longer lists are counted from both ends and extrapolated. */
    private static final int MAX_PARTIAL_TO_SCAN = 10_000;
    private static final int NAME_LIMIT = 128;

    private final Kernel kernel;
    private final boolean estimates;

    public Slabs(Kernel kernel) {
        this.kernel = kernel;
        this.estimates = kernel.symbols().has("count_partial_free_approx");
    }

    /** A cache. */
    public record Cache(String name, long activeObjects, long objects, long objectSize, long objectsPerSlab, int order,
                        long slabs) {}

    /** All caches, newest first as the kernel lists them. */
    public List<Cache> all() {
        List<Cache> caches = new ArrayList<>();
        for (KObject cache : Lists.list(kernel.object("slab_caches", "list_head"), "kmem_cache", "list")) {
            caches.add(read(cache));
        }
        return caches;
    }

    private Cache read(KObject cache) {
        long slabs = 0;
        long objects = 0;
        long free = 0;
        for (KObject node : nodes(cache)) {
            slabs += node.get("nr_slabs");
            objects += node.get("total_objects");
            free += freeObjects(node);
        }
        long layout = cache.get("oo.x");
        return new Cache(cache.string("name", NAME_LIMIT), objects - free, objects, cache.get("size"),
                layout & (1 << OO_SHIFT) - 1, (int) (layout >>> OO_SHIFT) & 31, slabs);
    }

    /** {@code for_each_kmem_cache_node}: an array in the cache, only as long as there are nodes; since 7.1 of pairs. */
    private List<KObject> nodes(KObject cache) {
        List<KObject> found = new ArrayList<>();
        String member = cache.has("node") ? "node" : "per_node";
        KObject array = cache.at(member);
        int count = new MemoryNodes(kernel).possible();
        for (int i = 0; i < count; i++) {
            long node = member.equals("node") ? array.index(i).value() : array.index(i).get("node");
            if (node != 0) {
                found.add(kernel.at(node, "kmem_cache_node"));
            }
        }
        return found;
    }

    /** {@code count_partial}: free objects of the partially used slabs; the CPUs' own slabs count as used. */
    private long freeObjects(KObject node) {
        boolean hasSlabs = kernel.types().hasStruct("slab");
        String structure = hasSlabs ? "slab" : "page";
        String member = hasSlabs ? "slab_list" : "lru";
        long partial = node.get("nr_partial");
        if (!estimates || partial <= MAX_PARTIAL_TO_SCAN) {
            return free(Lists.list(node.at("partial"), structure, member), Integer.MAX_VALUE);
        }
        int half = MAX_PARTIAL_TO_SCAN / 2;
        long scanned = free(Lists.list(node.at("partial"), structure, member), half)
                + free(Lists.listReverse(node.at("partial"), structure, member), half);
        long whole = scanned / MAX_PARTIAL_TO_SCAN * partial
                + scanned % MAX_PARTIAL_TO_SCAN * partial / MAX_PARTIAL_TO_SCAN;
        return Math.min(whole, node.get("total_objects"));
    }

    private static long free(Iterable<KObject> slabs, int most) {
        long sum = 0;
        int seen = 0;
        for (KObject slab : slabs) {
            sum += slab.get("objects") - slab.get("inuse");
            if (++seen == most) {
                break;
            }
        }
        return sum;
    }
}
