package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.mm.MappedPages;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.PageTable;
import io.scwatcher.kernel.mm.Vma;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/smaps and smaps_rollup: fs/proc/task_mmu.c {@code show_smap}, {@code show_smaps_rollup}. */
final class SmapsFiles {
    private static final int OSPKE_WORD = 16;
    private static final int OSPKE_BIT = 4;
    private static final int PKEY_SHIFT = 32;
    private static final int PKEYS = 0xf;

    private SmapsFiles() {}

    static void smaps(TaskView view, ProcText out) {
        view.requireAlive();
        Mm mm = view.mm();
        if (mm == null) {
            return;
        }
        Kernel kernel = view.kernel();
        AreaNames names = new AreaNames(view, mm);
        HugePageRules rules = new HugePageRules(mm);
        PageTable table = new PageTable(mm);
        for (Vma area : mm.areas()) {
            MappedPages pages = new MappedPages(kernel, table);
            pages.add(area);
            MapsFile.line(area, names, out);
            sizes(area, out);
            counters(kernel, pages, false, out);
            end(kernel, area, rules.allow(area), out);
        }
        Vma gate = names.gate();
        if (gate != null) {
            MapsFile.gate(gate, out);
            sizes(gate, out);
            counters(kernel, new MappedPages(kernel, table), false, out);
            end(kernel, gate, false, out);
        }
    }

    static void rollup(TaskView view, ProcText out) {
        view.requireAlive();
        Mm mm = view.mm();
        if (mm == null) {
            throw new VfsException(Errno.ESRCH);
        }
        MappedPages pages = new MappedPages(view.kernel(), new PageTable(mm));
        long start = 0;
        long end = 0;
        for (Vma area : mm.areas()) {
            start = end == 0 ? area.start() : start;
            end = area.end();
            pages.add(area);
        }
        MapsFile.rollup(start, end, out);
        counters(view.kernel(), pages, true, out);
    }

    private static void sizes(Vma area, ProcText out) {
        kib("Size:           ", area.end() - area.start(), out);
        kib("KernelPageSize: ", area.pageSize(), out);
        kib("MMUPageSize:    ", area.pageSize(), out);
    }

    /** {@code __show_smap}. */
    private static void counters(Kernel kernel, MappedPages pages, boolean rollup, ProcText out) {
        kib("Rss:            ", pages.resident, out);
        kib("Pss:            ", pages.share >>> MappedPages.SHARE_SHIFT, out);
        if (shows(kernel, "Pss_Dirty:")) {
            kib("Pss_Dirty:      ", pages.dirtyShare >>> MappedPages.SHARE_SHIFT, out);
        }
        if (rollup && shows(kernel, "Pss_Anon:")) {
            kib("Pss_Anon:       ", pages.anonymousShare >>> MappedPages.SHARE_SHIFT, out);
            kib("Pss_File:       ", pages.fileShare >>> MappedPages.SHARE_SHIFT, out);
            kib("Pss_Shmem:      ", pages.sharedMemoryShare >>> MappedPages.SHARE_SHIFT, out);
        }
        kib("Shared_Clean:   ", pages.sharedClean, out);
        kib("Shared_Dirty:   ", pages.sharedDirty, out);
        kib("Private_Clean:  ", pages.privateClean, out);
        kib("Private_Dirty:  ", pages.privateDirty, out);
        kib("Referenced:     ", pages.referenced, out);
        kib("Anonymous:      ", pages.anonymous, out);
        if (shows(kernel, "KSM:")) {
            kib("KSM:            ", pages.merged, out);
        }
        kib("LazyFree:       ", pages.lazilyFreed, out);
        kib("AnonHugePages:  ", pages.anonymousHuge, out);
        kib("ShmemPmdMapped: ", pages.sharedMemoryHuge, out);
        if (shows(kernel, "FilePmdMapped:")) {
            kib("FilePmdMapped:  ", pages.fileHuge, out);
        }
        kib("Shared_Hugetlb: ", pages.sharedHugetlb, out);
        out.put("Private_Hugetlb: ").unsigned(pages.privateHugetlb >>> 10, 7).put(" kB\n");
        kib("Swap:           ", pages.swapped, out);
        kib("SwapPss:        ", pages.swappedShare >>> MappedPages.SHARE_SHIFT, out);
        kib("Locked:         ", pages.lockedShare >>> MappedPages.SHARE_SHIFT, out);
    }

    private static boolean shows(Kernel kernel, String title) {
        return KernelTraits.hasText(kernel, title, "__show_smap");
    }

    private static void end(Kernel kernel, Vma area, boolean huge, ProcText out) {
        boolean aligned = KernelTraits.hasText(kernel, "THPeligible:    %8u", "show_smap");
        out.put("THPeligible:    ").dec(huge ? 1 : 0, aligned ? 8 : 1).put('\n');
        if (hasProtectionKeys(kernel)) {
            out.put("ProtectionKey:  ").dec(area.flags() >>> PKEY_SHIFT & PKEYS, 8).put('\n');
        }
        out.put("VmFlags: ");
        String[] names = AreaFlags.names(kernel);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((area.flags() >>> bit & 1) != 0 && !names[bit].isEmpty()) {
                out.put(names[bit]).put(' ');
            }
        }
        out.put('\n');
    }

    /** {@code arch_pkeys_enabled}. */
    private static boolean hasProtectionKeys(Kernel kernel) {
        return kernel.symbols().has("boot_cpu_data") && (kernel.object("boot_cpu_data", "cpuinfo_x86")
                .at("x86_capability").index(OSPKE_WORD).value() >> OSPKE_BIT & 1) != 0;
    }

    private static void kib(String title, long bytes, ProcText out) {
        out.put(title).unsigned(bytes >>> 10, 8).put(" kB\n");
    }
}
