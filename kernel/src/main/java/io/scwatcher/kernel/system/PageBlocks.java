package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;

/** Page blocks by migration type (mm/vmstat.c, {@code pagetypeinfo_show}; sparse memory sections, mm/sparse.c). */
public final class PageBlocks {
    /** {@code SECTION_SIZE_BITS} of x86-64 and (with 4 KiB pages) arm64. */
    private static final int SECTION_SIZE_BITS = 27;
    private static final int PAGE_SHIFT = 12;
    private static final int PAGES_PER_SECTION = 1 << SECTION_SIZE_BITS - PAGE_SHIFT;
    private static final int HUGE_PAGE_ORDER = 9;
    private static final int MIGRATE_TYPE_MASK = 7;
    private static final long MOST_FREE = 100_000;
    private static final long MOST_BLOCKS = 1 << 22;

    private final Kernel kernel;
    private final Variables variables;
    private final int bitsPerBlock;

    public PageBlocks(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
        int bits = (int) variables.constant("__NR_PAGEBLOCK_BITS", variables.constant("NR_PAGEBLOCK_BITS", 4));
        this.bitsPerBlock = Integer.highestOneBit(Math.max(1, bits - 1)) * 2;
    }

    /** {@code pageblock_order}. */
    public int order() {
        return variables.has("pageblock_order") ? variables.s32("pageblock_order") & 31 : HUGE_PAGE_ORDER;
    }

    /** {@code MIGRATE_TYPES}. */
    public int types() {
        return (int) Math.min(16, variables.constant("MIGRATE_TYPES"));
    }

    public String name(int type) {
        return kernel.memory().string(variables.u64At("migratetype_names", type), 64);
    }

    /** Free blocks of an order and type, counted up to 100,000. */
    public long free(KObject zone, int order, int type) {
        String link = kernel.types().struct("page").has("buddy_list") ? "buddy_list" : "lru";
        long count = 0;
        for (KObject ignored : Lists.list(zone.at("free_area").index(order).at("free_list").index(type), "page", link)) {
            if (++count >= MOST_FREE) {
                break;
            }
        }
        return count;
    }

    /** How many page blocks of a zone are of each type. */
    public long[] blocks(KObject zone) {
        long[] counts = new long[types()];
        long start = zone.get("zone_start_pfn");
        long pages = Math.min(zone.get("spanned_pages"), MOST_BLOCKS << order());
        for (long frame = start; frame < start + pages; frame += 1L << order()) {
            int type = type(frame);
            if (type >= 0 && type < counts.length) {
                counts[type]++;
            }
        }
        return counts;
    }

    /** {@code get_pageblock_migratetype}, or -1 where there is no memory that is online. */
    private int type(long frame) {
        KObject section = section(frame / PAGES_PER_SECTION);
        if (section == null || (section.get("section_mem_map") >>> onlineBit() & 1) == 0) {
            return -1;
        }
        KObject usage = section.ptr("usage");
        long bit = (frame & PAGES_PER_SECTION - 1 & -1L << order()) >>> order();
        long at = bit * bitsPerBlock;
        long word = usage.at("pageblock_flags").index(at / Long.SIZE).value();
        return (int) (word >>> at % Long.SIZE) & MIGRATE_TYPE_MASK;
    }

    private long onlineBit() {
        return variables.constant("SECTION_IS_ONLINE_BIT", 2) & 63;
    }

    /** {@code __nr_to_section}: roots of a page each with {@code CONFIG_SPARSEMEM_EXTREME}. */
    private KObject section(long number) {
        long roots = variables.u64("mem_section", 0);
        int perRoot = (1 << PAGE_SHIFT) / kernel.types().struct("mem_section").size();
        long root = roots == 0 ? 0 : kernel.memory().u64(roots + number / perRoot * Long.BYTES);
        return root == 0 ? null : kernel.at(root, "mem_section").index(number % perRoot);
    }
}
