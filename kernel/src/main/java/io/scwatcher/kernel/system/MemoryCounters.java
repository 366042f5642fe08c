package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;

/**
 * The global page counters as the kernel reads them (include/linux/vmstat.h): without the parts that the CPUs have not
 * folded in yet, and never negative.
 */
public final class MemoryCounters {
    private final Kernel kernel;
    private final Variables variables;

    public MemoryCounters(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    public boolean hasCounter(String enumerator) {
        return variables.hasConstant(enumerator);
    }

    /** {@code global_node_page_state_pages}: a counter of {@code enum node_stat_item} in its own unit. */
    public long node(String item) {
        return counter("vm_node_stat", variables.constant(item));
    }

    /** {@code global_zone_page_state}: a counter of {@code enum zone_stat_item}. */
    public long zone(String item) {
        return counter("vm_zone_stat", variables.constant(item));
    }

    /** Element {@code index} of one of the arrays of {@code atomic_long_t}. */
    public long counter(String array, long index) {
        return Math.max(0, variables.u64At(array, index));
    }

    /** {@code totalram_pages}. */
    public long totalPages() {
        return variables.u64("_totalram_pages");
    }

    /** {@code nr_blockdev_pages}: the page cache of all block devices. */
    public long blockDevicePages() {
        long sum = 0;
        for (KObject inode : BlockDevices.inodes(kernel)) {
            sum += inode.ptr("i_mapping").get("nrpages");
        }
        return sum;
    }

    /** {@code percpu_counter_sum_positive(&vm_committed_as)}. */
    public long committed() {
        return Math.max(0, perCpuSum(kernel.object("vm_committed_as", "percpu_counter")));
    }

    /** {@code percpu_counter_sum} over the online CPUs (a dying CPU's part, folded in since 6.0, is gone with it). */
    public long perCpuSum(KObject counter) {
        long sum = counter.get("count");
        long parts = counter.getOr("counters", 0);
        if (parts != 0) {
            for (int cpu : kernel.onlineCpus()) {
                sum += (int) kernel.memory().u32(kernel.perCpu(parts, cpu));
            }
        }
        return sum;
    }

    /** {@code si_mem_available}, mm/show_mem.c (mm/page_alloc.c up to 6.5). */
    public long available(MemoryNodes nodes) {
        long low = 0;
        for (KObject zone : nodes.zones()) {
            low += lowWatermark(zone);
        }
        long available = zone("NR_FREE_PAGES") - variables.u64("totalreserve_pages");
        long pageCache = node("NR_ACTIVE_FILE") + node("NR_INACTIVE_FILE");
        available += pageCache - Math.min(pageCache / 2, low);
        long reclaimable = node("NR_SLAB_RECLAIMABLE_B") + node("NR_KERNEL_MISC_RECLAIMABLE");
        available += reclaimable - Math.min(reclaimable / 2, low);
        return Math.max(0, available);
    }

    /** {@code vm_commit_limit}, mm/util.c. */
    public long commitLimit(HugePages hugePages) {
        long kilobytes = variables.u64("sysctl_overcommit_kbytes");
        long allowed = kilobytes != 0 ? kilobytes >> 2
                : (totalPages() - hugePages.totalSmallPages()) * variables.s32("sysctl_overcommit_ratio") / 100;
        return allowed + variables.u64("total_swap_pages", 0);
    }

    /** {@code pcpu_nr_pages}. */
    public long perCpuPages() {
        return (long) variables.s32("pcpu_nr_populated") * variables.s32("pcpu_nr_units");
    }

    /** {@code vmalloc_nr_pages}; a node counter since 7.0. */
    public long vmallocPages() {
        return hasCounter("NR_VMALLOC") ? node("NR_VMALLOC") : variables.u64("nr_vmalloc_pages");
    }

    /** {@code low_wmark_pages}. */
    private long lowWatermark(KObject zone) {
        return zone.at("_watermark").index(variables.constant("WMARK_LOW")).value()
                + zone.getOr("watermark_boost", 0);
    }
}
