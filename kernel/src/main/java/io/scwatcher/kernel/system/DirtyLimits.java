package io.scwatcher.kernel.system;

import io.scwatcher.kernel.Kernel;

/** {@code global_dirty_limits} as an ordinary task sees them (mm/page-writeback.c, {@code domain_dirty_limits}). */
public record DirtyLimits(long background, long threshold) {
    private static final long PAGE_SIZE = 4096;

    /** In pages. */
    public static DirtyLimits of(Kernel kernel) {
        Variables variables = new Variables(kernel);
        long available = dirtyablePages(new MemoryCounters(kernel), variables);
        long threshold = limit(variables, "vm_dirty_bytes", "vm_dirty_ratio", available);
        long background = limit(variables, "dirty_background_bytes", "dirty_background_ratio", available);
        return new DirtyLimits(background >= threshold ? threshold / 2 : background, threshold);
    }

    /** {@code global_dirtyable_memory}: free and file pages, never zero. */
    private static long dirtyablePages(MemoryCounters counters, Variables variables) {
        long free = counters.zone("NR_FREE_PAGES");
        free -= Math.min(free, variables.u64("totalreserve_pages"));
        return free + counters.node("NR_INACTIVE_FILE") + counters.node("NR_ACTIVE_FILE") + 1;
    }

    private static long limit(Variables variables, String bytesName, String ratioName, long available) {
        long bytes = variables.u64(bytesName);
        if (bytes != 0) {
            return Long.divideUnsigned(bytes + PAGE_SIZE - 1, PAGE_SIZE);
        }
        long ratio = variables.s32(ratioName) * PAGE_SIZE / 100;
        return ratio * available / PAGE_SIZE;
    }
}
