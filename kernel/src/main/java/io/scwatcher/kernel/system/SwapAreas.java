package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Swap areas: {@code swap_info} (mm/swapfile.c). */
public final class SwapAreas {
    /** {@code MAX_SWAPFILES} is at most {@code 1 << MAX_SWAPFILES_SHIFT}. */
    private static final int MAX_SWAPFILES = 32;

    private final Kernel kernel;
    private final Variables variables;

    public SwapAreas(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    /** All areas ever used ({@code struct swap_info_struct}), by type. */
    public List<KObject> all() {
        List<KObject> found = new ArrayList<>();
        if (variables.has("swap_info")) {
            long count = Math.min(MAX_SWAPFILES, variables.u32("nr_swapfiles"));
            for (long type = 0; type < count; type++) {
                long area = variables.u64At("swap_info", type);
                if (area != 0) {
                    found.add(kernel.at(area, "swap_info_struct"));
                }
            }
        }
        return found;
    }

    /** {@code si_swapinfo}: the size in pages, areas that are being switched off included. */
    public long totalPages() {
        return variables.u64("total_swap_pages", 0) + leavingPages();
    }

    /** {@code si_swapinfo}: free pages. */
    public long freePages() {
        return variables.u64("nr_swap_pages", 0) + leavingPages();
    }

    /** {@code swap_usage_in_pages}; the upper bit of the counter is a flag since 6.13 (SWAP_USAGE_OFFLIST_BIT). */
    public long used(KObject area) {
        long pages = area.get("inuse_pages");
        boolean isWide = area.at("inuse_pages").type().size() == Long.BYTES;
        return isWide ? pages & ~(1L << 62) : pages & 0xffff_ffffL;
    }

    /** {@code total_swapcache_pages}: a node counter since 5.12, the swap spaces' own counts before. */
    public long cachedPages(MemoryCounters counters) {
        if (counters.hasCounter("NR_SWAPCACHE")) {
            return counters.node("NR_SWAPCACHE");
        }
        long sum = 0;
        for (KObject area : all()) {
            int type = area.getInt("type");
            long spaces = type < 0 || type >= MAX_SWAPFILES ? 0 : variables.u64At("swapper_spaces", type);
            long count = spaces == 0 ? 0
                    : kernel.memory().u32(kernel.address("nr_swapper_spaces") + (long) type * Integer.BYTES);
            for (long i = 0; i < Math.min(count, 1 << 20); i++) {
                sum += kernel.at(spaces, "address_space").index(i).get("nrpages");
            }
        }
        return sum;
    }

    /** Whether /proc/swaps shows it: {@code SWP_USED}, and a map of its pages ({@code max} in the newest kernels). */
    public boolean isUsed(KObject area) {
        return (area.get("flags") & variables.constant("SWP_USED", 1)) != 0
                && (!area.has("swap_map") || area.get("swap_map") != 0);
    }

    private long leavingPages() {
        long used = variables.constant("SWP_USED", 1);
        long writable = variables.constant("SWP_WRITEOK", 2);
        long sum = 0;
        for (KObject area : all()) {
            if ((area.get("flags") & (used | writable)) == used) {
                sum += used(area);
            }
        }
        return sum;
    }
}
