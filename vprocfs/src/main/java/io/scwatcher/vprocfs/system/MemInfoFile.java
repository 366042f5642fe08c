package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.DirectMap;
import io.scwatcher.kernel.system.HugePages;
import io.scwatcher.kernel.system.MemoryCounters;
import io.scwatcher.kernel.system.MemoryNodes;
import io.scwatcher.kernel.system.SwapAreas;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.system.Zswap;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/**
 * /proc/meminfo (fs/proc/meminfo.c, {@code meminfo_proc_show}). Lines that depend on the configuration or came later are
 * printed where the kernel has the counter.
 */
final class MemInfoFile implements SystemFile {
    private static final int KB_PER_PAGE = 4;

    @Override
    public void print(Kernel kernel, ProcText out) {
        MemoryCounters counters = new MemoryCounters(kernel);
        Page page = new Page(kernel, counters, out);
        printTotals(kernel, counters, page);
        printUse(counters, page);
        printVirtual(kernel, counters, page);
        printHuge(kernel, counters, page);
        printHugetlb(kernel, out);
        DirectMap.of(kernel).forEach((name, kilobytes) -> line(out, name, kilobytes));
    }

    private static void printTotals(Kernel kernel, MemoryCounters counters, Page page) {
        SwapAreas swap = new SwapAreas(kernel);
        long buffers = counters.blockDevicePages();
        long swapCached = swap.cachedPages(counters);
        long activeAnon = counters.node("NR_ACTIVE_ANON");
        long activeFile = counters.node("NR_ACTIVE_FILE");
        long inactiveAnon = counters.node("NR_INACTIVE_ANON");
        long inactiveFile = counters.node("NR_INACTIVE_FILE");
        page.line("MemTotal", counters.totalPages());
        page.zone("MemFree", "NR_FREE_PAGES");
        page.line("MemAvailable", counters.available(new MemoryNodes(kernel)));
        page.line("Buffers", buffers);
        page.line("Cached", Math.max(0, counters.node("NR_FILE_PAGES") - swapCached - buffers));
        page.line("SwapCached", swapCached);
        page.line("Active", activeAnon + activeFile);
        page.line("Inactive", inactiveAnon + inactiveFile);
        page.line("Active(anon)", activeAnon);
        page.line("Inactive(anon)", inactiveAnon);
        page.line("Active(file)", activeFile);
        page.line("Inactive(file)", inactiveFile);
        page.node("Unevictable", "NR_UNEVICTABLE");
        page.zone("Mlocked", "NR_MLOCK");
        page.line("SwapTotal", swap.totalPages());
        page.line("SwapFree", swap.freePages());
        Zswap zswap = new Zswap(kernel);
        if (zswap.isConfigured()) {
            line(page.out, "Zswap", zswap.poolBytes() >>> 10);
            page.line("Zswapped", zswap.storedPages());
        }
    }

    private static void printUse(MemoryCounters counters, Page page) {
        long reclaimable = counters.node("NR_SLAB_RECLAIMABLE_B");
        long unreclaimable = counters.node("NR_SLAB_UNRECLAIMABLE_B");
        page.node("Dirty", "NR_FILE_DIRTY");
        page.node("Writeback", "NR_WRITEBACK");
        page.node("AnonPages", "NR_ANON_MAPPED");
        page.node("Mapped", "NR_FILE_MAPPED");
        page.node("Shmem", "NR_SHMEM");
        page.line("KReclaimable", reclaimable + counters.node("NR_KERNEL_MISC_RECLAIMABLE"));
        page.line("Slab", reclaimable + unreclaimable);
        page.line("SReclaimable", reclaimable);
        page.line("SUnreclaim", unreclaimable);
        line(page.out, "KernelStack", counters.node("NR_KERNEL_STACK_KB"));
        if (counters.hasCounter("NR_KERNEL_SCS_KB")) {
            line(page.out, "ShadowCallStack", counters.node("NR_KERNEL_SCS_KB"));
        }
        page.line("PageTables", page.isNodeCounter("NR_PAGETABLE")
                ? counters.node("NR_PAGETABLE") : counters.zone("NR_PAGETABLE"));
        page.nodeIfKnown("SecPageTables", "NR_SECONDARY_PAGETABLE");
        page.line("NFS_Unstable", 0);
        page.line("Bounce", counters.hasCounter("NR_BOUNCE") ? counters.zone("NR_BOUNCE") : 0);
        page.line("WritebackTmp", counters.hasCounter("NR_WRITEBACK_TEMP") ? counters.node("NR_WRITEBACK_TEMP") : 0);
    }

    private static void printVirtual(Kernel kernel, MemoryCounters counters, Page page) {
        Variables variables = new Variables(kernel);
        page.line("CommitLimit", counters.commitLimit(new HugePages(kernel)));
        page.line("Committed_AS", counters.committed());
        line(page.out, "VmallocTotal", DirectMap.vmallocBytes(kernel) >>> 10);
        page.line("VmallocUsed", counters.vmallocPages());
        page.line("VmallocChunk", 0);
        page.line("Percpu", counters.perCpuPages());
        if (variables.isSet("early_memtest_done", 1)) {
            long bytes = variables.u64("early_memtest_bad_size");
            page.out.put("EarlyMemtestBad:   ").unsigned(bytes != 0 ? Math.max(1, bytes >>> 10) : 0, 5).put(" kB\n");
        }
        if (variables.has("num_poisoned_pages")) {
            page.out.put("HardwareCorrupted: ").unsigned(variables.u64("num_poisoned_pages") * KB_PER_PAGE, 5);
            page.out.put(" kB\n");
        }
    }

    private static void printHuge(Kernel kernel, MemoryCounters counters, Page page) {
        if (kernel.symbols().has("transparent_hugepage_flags")) {
            page.huge("AnonHugePages", "NR_ANON_THPS");
            page.huge("ShmemHugePages", "NR_SHMEM_THPS");
            page.huge("ShmemPmdMapped", "NR_SHMEM_PMDMAPPED");
            page.huge("FileHugePages", "NR_FILE_THPS");
            page.huge("FilePmdMapped", "NR_FILE_PMDMAPPED");
        }
        if (kernel.symbols().has("cma_area_count")) {
            page.line("CmaTotal", new Variables(kernel).u64("totalcma_pages"));
            page.zone("CmaFree", "NR_FREE_CMA_PAGES");
        }
        if (counters.hasCounter("NR_UNACCEPTED")) {
            page.zone("Unaccepted", "NR_UNACCEPTED");
        }
        page.nodeIfKnown("Balloon", "NR_BALLOON_PAGES");
        page.nodeIfKnown("GPUActive", "NR_GPU_ACTIVE");
        page.nodeIfKnown("GPUReclaim", "NR_GPU_RECLAIM");
    }

    /** {@code hugetlb_report_meminfo}. */
    private static void printHugetlb(Kernel kernel, ProcText out) {
        HugePages pools = new HugePages(kernel);
        if (!pools.areSupported()) {
            return;
        }
        KObject standard = pools.standard();
        if (standard != null) {
            out.put("HugePages_Total:   ").unsigned(standard.get("nr_huge_pages"), 5);
            out.put("\nHugePages_Free:    ").unsigned(standard.get("free_huge_pages"), 5);
            out.put("\nHugePages_Rsvd:    ").unsigned(standard.get("resv_huge_pages"), 5);
            out.put("\nHugePages_Surp:    ").unsigned(standard.get("surplus_huge_pages"), 5);
            out.put("\nHugepagesize:   ").unsigned(HugePages.size(standard) / 1024, 8).put(" kB\n");
        }
        line(out, "Hugetlb", pools.totalSmallPages() * KB_PER_PAGE);
    }

    /** A name and its colon take sixteen columns, the number eight. */
    private static void line(ProcText out, String name, long kilobytes) {
        out.left(name + ":", 16).unsigned(kilobytes, 8).put(" kB\n");
    }

    /** Prints counts of pages. */
    private record Page(Kernel kernel, MemoryCounters counters, ProcText out) {
        void line(String name, long pages) {
            MemInfoFile.line(out, name, pages * KB_PER_PAGE);
        }

        void node(String name, String item) {
            line(name, counters.node(item));
        }

        void nodeIfKnown(String name, String item) {
            if (counters.hasCounter(item)) {
                node(name, item);
            }
        }

        void zone(String name, String item) {
            line(name, counters.zone(item));
        }

        /** Up to 5.10 these counted whole huge pages, since 5.11 (NR_PAGETABLE moved in the same release) pages. */
        void huge(String name, String item) {
            boolean countsPages = isNodeCounter("NR_PAGETABLE");
            line(name, counters.node(item) * (countsPages ? 1 : HugePages.PMD_PAGES));
        }

        /** Whether the item lies in {@code enum node_stat_item}. */
        boolean isNodeCounter(String item) {
            String found = kernel.types().enumeratorName("node_stat_item", new Variables(kernel).constant(item));
            return item.equals(found);
        }
    }
}
