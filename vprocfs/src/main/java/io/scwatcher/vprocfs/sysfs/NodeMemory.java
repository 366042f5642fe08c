package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.HugePages;
import io.scwatcher.kernel.system.MemoryNodes;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;

/** A node's meminfo (drivers/base/node.c, {@code node_read_meminfo}); lines that came later are printed where the kernel has the counter. */
final class NodeMemory {
    private static final int KB_PER_PAGE = 4;

    private final int number;
    private final KObject node;
    private final Kernel kernel;
    private final Variables variables;
    private final ProcText out;

    private NodeMemory(int number, KObject node, ProcText out) {
        this.number = number;
        this.node = node;
        this.kernel = node.kernel();
        this.variables = new Variables(kernel);
        this.out = out;
    }

    static void print(int number, KObject node, ProcText out) {
        NodeMemory memory = new NodeMemory(number, node, out);
        memory.printUse();
        memory.printPages();
        memory.printHuge();
    }

    private void printUse() {
        long total = 0;
        for (KObject zone : new MemoryNodes(kernel).zones(node)) {
            total += zone.get("managed_pages.counter");
        }
        long free = zones("NR_FREE_PAGES");
        pages("MemTotal", total);
        pages("MemFree", free);
        pages("MemUsed", total - free);
        known("SwapCached", "NR_SWAPCACHE");
        pages("Active", own("NR_ACTIVE_ANON") + own("NR_ACTIVE_FILE"));
        pages("Inactive", own("NR_INACTIVE_ANON") + own("NR_INACTIVE_FILE"));
        pages("Active(anon)", own("NR_ACTIVE_ANON"));
        pages("Inactive(anon)", own("NR_INACTIVE_ANON"));
        pages("Active(file)", own("NR_ACTIVE_FILE"));
        pages("Inactive(file)", own("NR_INACTIVE_FILE"));
        pages("Unevictable", own("NR_UNEVICTABLE"));
        pages("Mlocked", zones("NR_MLOCK"));
    }

    private void printPages() {
        pages("Dirty", own("NR_FILE_DIRTY"));
        pages("Writeback", own("NR_WRITEBACK"));
        pages("FilePages", own("NR_FILE_PAGES"));
        pages("Mapped", own("NR_FILE_MAPPED"));
        pages("AnonPages", own("NR_ANON_MAPPED"));
        pages("Shmem", own("NR_SHMEM"));
        line("KernelStack", isNode("NR_KERNEL_STACK_KB") ? own("NR_KERNEL_STACK_KB") : zones("NR_KERNEL_STACK_KB"));
        pages("PageTables", isNode("NR_PAGETABLE") ? own("NR_PAGETABLE") : zones("NR_PAGETABLE"));
        known("SecPageTables", "NR_SECONDARY_PAGETABLE");
        line("NFS_Unstable", 0);
        pages("Bounce", variables.hasConstant("NR_BOUNCE") ? zones("NR_BOUNCE") : 0);
        pages("WritebackTmp", isNode("NR_WRITEBACK_TEMP") ? own("NR_WRITEBACK_TEMP") : 0);
        String reclaimable = variables.hasConstant("NR_SLAB_RECLAIMABLE_B") ? "NR_SLAB_RECLAIMABLE_B" : "NR_SLAB_RECLAIMABLE";
        String unreclaimable = reclaimable.replace("_RECL", "_UNRECL");
        pages("KReclaimable", own(reclaimable) + own("NR_KERNEL_MISC_RECLAIMABLE"));
        pages("Slab", own(reclaimable) + own(unreclaimable));
        pages("SReclaimable", own(reclaimable));
        pages("SUnreclaim", own(unreclaimable));
    }

    private void printHuge() {
        if (kernel.symbols().has("transparent_hugepage_flags")) {
            long each = isNode("NR_PAGETABLE") ? 1 : HugePages.PMD_PAGES;
            pages("AnonHugePages", own("NR_ANON_THPS") * each);
            pages("ShmemHugePages", own("NR_SHMEM_THPS") * each);
            pages("ShmemPmdMapped", own("NR_SHMEM_PMDMAPPED") * each);
            pages("FileHugePages", own("NR_FILE_THPS") * each);
            pages("FilePmdMapped", own("NR_FILE_PMDMAPPED") * each);
        }
        if (variables.hasConstant("NR_UNACCEPTED")) {
            pages("Unaccepted", zones("NR_UNACCEPTED"));
        }
        known("Balloon", "NR_BALLOON_PAGES");
        known("GPUActive", "NR_GPU_ACTIVE");
        known("GPUReclaim", "NR_GPU_RECLAIM");
        KObject pool = new HugePages(kernel).standard();
        if (pool != null) {
            for (String kind : new String[] {"Total: nr_huge_pages_node", "Free:  free_huge_pages_node", "Surp:  surplus_huge_pages_node"}) {
                String[] words = kind.split(" +");
                out.put("Node ").dec(number).put(" HugePages_").left(words[0], 6).put(' ')
                        .unsigned(pool.at(words[1]).index(number).value() & 0xffff_ffffL, 5).put('\n');
            }
        }
    }

    private void known(String name, String item) {
        if (isNode(item)) {
            pages(name, own(item));
        }
    }

    private void pages(String name, long pages) {
        line(name, pages * KB_PER_PAGE);
    }

    private void line(String name, long kilobytes) {
        out.put("Node ").dec(number).put(' ').left(name + ":", 15).put(' ').unsigned(kilobytes, 8).put(" kB\n");
    }

    private boolean isNode(String item) {
        return variables.hasConstant(item) && item.equals(kernel.types().enumeratorName("node_stat_item", variables.constant(item)));
    }

    private long own(String item) {
        return Math.max(0, node.at("vm_stat").index(variables.constant(item)).value());
    }

    private long zones(String item) {
        long sum = 0;
        for (KObject zone : new MemoryNodes(kernel).zones(node)) {
            sum += Math.max(0, zone.at("vm_stat").index(variables.constant(item)).value());
        }
        return sum;
    }
}
