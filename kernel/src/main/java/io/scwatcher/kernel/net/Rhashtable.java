package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.MemoryFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A resizable hash table, walked as lib/rhashtable.c, rhashtable_walk_next does: bucket after bucket, then the table that
 * it is being moved to. Large tables made under memory pressure have their buckets in pages of their own.
 */
final class Rhashtable {
    private static final int MAX_BUCKETS = 1 << 24;
    private static final int MAX_OBJECTS = 1 << 22;
    private static final int SLOTS_PER_PAGE = 512;

    private final Kernel kernel;
    private final KObject table;
    private final int headOffset;
    private final int nextOffset;
    private final boolean duplicates;
    private final List<Long> objects = new ArrayList<>();
    private final Set<Long> seen = new HashSet<>();

    private Rhashtable(KObject table) {
        this.kernel = table.kernel();
        this.table = table;
        this.headOffset = table.getInt("p.head_offset");
        this.nextOffset = kernel.types().struct("rhash_head").offsetOf("next");
        this.duplicates = table.getOr("rhlist", 0) != 0;
    }

    /**
     * The objects in a table in the kernel's own order.
     *
     * @param table a {@code struct rhashtable}
     * @return addresses
     */
    static List<Long> objects(KObject table) {
        Rhashtable walk = new Rhashtable(table);
        walk.walk();
        return walk.objects;
    }

    private void walk() {
        KObject buckets = table.ptr("tbl");
        for (int generation = 0; !buckets.isNull() && generation < 16; generation++) {
            try {
                walk(buckets);
                buckets = buckets.ptr("future_tbl");
            } catch (MemoryFault fault) {
                kernel.anomalies().record("hash table at %#x: %s".formatted(table.address(), fault.getMessage()));
                return;
            }
        }
    }

    private void walk(KObject buckets) {
        long size = buckets.get("size");
        if (size > MAX_BUCKETS) {
            kernel.anomalies().record("hash table at %#x claims %d buckets".formatted(table.address(), size));
            return;
        }
        int nest = (int) buckets.getOr("nest", 0);
        if (nest == 0) {
            flat(buckets.at("buckets").address(), size);
            return;
        }
        for (long bucket = 0; bucket < size; bucket++) {
            long place = nested(buckets, bucket, nest, size);
            if (place != 0) {
                chain(place);
            }
        }
    }

    /** A bucket may be locked, so an odd value is not empty. */
    private void flat(long first, long size) {
        byte[] page = new byte[SLOTS_PER_PAGE * Long.BYTES];
        for (long bucket = 0; bucket < size; bucket += SLOTS_PER_PAGE) {
            int slots = (int) Math.min(SLOTS_PER_PAGE, size - bucket);
            kernel.memory().read(first + bucket * Long.BYTES, page, 0, slots * Long.BYTES);
            for (int i = 0; i < slots; i++) {
                if (page[i * Long.BYTES + 7] != 0) {
                    chain(first + (bucket + i) * Long.BYTES);
                }
            }
        }
    }

    /** {@code __rht_bucket_nested}: where a bucket of a nested table lies, or 0. */
    private long nested(KObject buckets, long hash, int nest, long size) {
        long page = kernel.memory().u64(buckets.at("buckets").address());
        page = kernel.memory().u64(page + Long.BYTES * (hash & (1L << nest) - 1));
        long left = size >>> nest;
        long rest = hash >>> nest;
        while (page != 0 && left > SLOTS_PER_PAGE) {
            page = kernel.memory().u64(page + Long.BYTES * (rest & SLOTS_PER_PAGE - 1));
            left /= SLOTS_PER_PAGE;
            rest /= SLOTS_PER_PAGE;
        }
        return page == 0 ? 0 : page + Long.BYTES * rest;
    }

    /** The lowest bit of a bucket is its lock; of a link, the mark of the end. */
    private void chain(long bucket) {
        long link = kernel.memory().u64(bucket) & ~1L;
        while (isPointer(link)) {
            if (objects.size() >= MAX_OBJECTS || !seen.add(link)) {
                kernel.anomalies().record("hash table at %#x runs in a circle".formatted(table.address()));
                return;
            }
            objects.add(link - headOffset);
            if (duplicates) {
                duplicatesOf(link);
            }
            link = kernel.memory().u64(link + nextOffset);
        }
    }

    /** {@code struct rhlist_head}: objects of one key hang on each other. */
    private void duplicatesOf(long head) {
        int next = kernel.types().struct("rhlist_head").offsetOf("next");
        for (long link = kernel.memory().u64(head + next); link != 0; link = kernel.memory().u64(link + next)) {
            if (!seen.add(link)) {
                kernel.anomalies().record("hash table at %#x runs in a circle".formatted(table.address()));
                return;
            }
            objects.add(link - headOffset);
        }
    }

    private static boolean isPointer(long link) {
        return link < 0 && (link & 1) == 0;
    }
}
