package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.PageCounter;
import io.scwatcher.vprocfs.ProcText;

/** The part of /proc/PID/status about memory: fs/proc/task_mmu.c {@code task_mem} and what follows it. */
final class StatusMemory {
    private static final long PAGE_SIZE = 4096;
    private static final int PAGE_SHIFT = 12;
    private static final int KIB_SHIFT = PAGE_SHIFT - 10;

    private StatusMemory() {}

    static void print(TaskView view, Mm mm, ProcText out) {
        KObject object = mm.object();
        long anonymous = StatmFile.count(mm, PageCounter.ANONYMOUS);
        long file = StatmFile.count(mm, PageCounter.FILE);
        long shared = StatmFile.count(mm, PageCounter.SHARED_MEMORY);
        long resident = anonymous + file + shared;
        long executable = mm.get("exec_vm") << PAGE_SHIFT;
        long end = mm.get("end_code") + PAGE_SIZE - 1 & -PAGE_SIZE;
        long text = end - (mm.get("start_code") & -PAGE_SIZE);
        text = Long.compareUnsigned(text, executable) < 0 ? text : executable;
        pages("VmPeak:\t", max(mm.get("hiwater_vm"), mm.get("total_vm")), out);
        pages("VmSize:\t", mm.get("total_vm"), out);
        pages("VmLck:\t", mm.get("locked_vm"), out);
        pages("VmPin:\t", object.has("pinned_vm.counter") ? mm.get("pinned_vm.counter") : mm.get("pinned_vm"), out);
        pages("VmHWM:\t", max(mm.get("hiwater_rss"), resident), out);
        pages("VmRSS:\t", resident, out);
        pages("RssAnon:\t", anonymous, out);
        pages("RssFile:\t", file, out);
        pages("RssShmem:\t", shared, out);
        pages("VmData:\t", mm.get("data_vm"), out);
        pages("VmStk:\t", mm.get("stack_vm"), out);
        kib("VmExe:\t", text >>> 10, out);
        kib("VmLib:\t", executable - text >>> 10, out);
        kib("VmPTE:\t", mm.get("pgtables_bytes.counter") >>> 10, out);
        pages("VmSwap:\t", StatmFile.count(mm, PageCounter.SWAP), out);
        if (object.has("hugetlb_usage")) {
            pages("HugetlbPages:\t", mm.get("hugetlb_usage.counter"), out);
        }
        out.put("CoreDumping:\t").put(isDumping(view, mm) ? '1' : '0').put('\n');
        hugePages(view, mm, out);
        if (StatusFile.has(view.kernel(), "untag_mask:\t")) {
            out.put("untag_mask:\t0x").hex(object.getOr("context.untag_mask", -1)).put('\n');
        }
    }

    /** {@code core_state} moved from the address space to the signals in 5.16. */
    private static boolean isDumping(TaskView view, Mm mm) {
        KObject signal = view.task().signal();
        return (signal.has("core_state") ? signal.get("core_state") : mm.get("core_state")) != 0;
    }

    /** {@code task_thp_status}. */
    private static void hugePages(TaskView view, Mm mm, ProcText out) {
        if (!StatusFile.has(view.kernel(), "THP_enabled:\t")) {
            return;
        }
        boolean built = view.kernel().symbols().has("transparent_hugepage_flags");
        boolean disabled = (mm.flags() >> MmFlags.DISABLE_HUGE_PAGES & 1) != 0;
        out.put("THP_enabled:\t").put(built && !disabled ? '1' : '0').put('\n');
    }

    private static long max(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? b : a;
    }

    private static void pages(String title, long pages, ProcText out) {
        kib(title, pages << KIB_SHIFT, out);
    }

    private static void kib(String title, long kib, ProcText out) {
        out.put(title).unsigned(kib, 8).put(" kB\n");
    }
}
