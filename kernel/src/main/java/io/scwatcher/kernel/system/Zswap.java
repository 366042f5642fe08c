package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;

/** The compressed cache in front of swap (mm/zswap.c); reported by /proc/meminfo since 5.19. */
public final class Zswap {
    private static final long PAGE_SIZE = 4096;

    private final Kernel kernel;
    private final Variables variables;

    public Zswap(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    /**
     * Whether this kernel's /proc/meminfo has zswap's lines: they came together with the memory cgroup's counters of
     * it, so a kernel with zswap and without {@code MEMCG_ZSWAP_B} is older.
     */
    public boolean isConfigured() {
        return variables.has("zswap_stored_pages")
                && (variables.hasConstant("MEMCG_ZSWAP_B") || variables.has("zswap_total_pages"));
    }

    /** The memory that the compressed pages take, in bytes. */
    public long poolBytes() {
        if (variables.has("zswap_pool_total_size")) {
            return variables.u64("zswap_pool_total_size");
        }
        long pages = 0;
        for (KObject pool : Lists.list(kernel.object("zswap_pools", "list_head"), "zswap_pool", "list")) {
            long allocator = pool.has("zs_pool") ? pool.get("zs_pool") : pool.ptr("zpool").get("pool");
            if (kernel.types().hasStruct("zs_pool")) {
                pages += kernel.at(allocator, "zs_pool").get("pages_allocated");
            }
        }
        return pages * PAGE_SIZE;
    }

    /** {@code zswap_stored_pages}: an {@code atomic_t} up to 6.12, {@code atomic_long_t} later; little-endian both. */
    public long storedPages() {
        return variables.u32("zswap_stored_pages");
    }
}
