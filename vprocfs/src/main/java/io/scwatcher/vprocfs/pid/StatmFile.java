package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.PageCounter;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/statm: fs/proc/array.c {@code proc_pid_statm}, fs/proc/task_mmu.c {@code task_statm}. In pages. */
final class StatmFile implements TaskFile {
    private static final long PAGE_SIZE = 4096;

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        Mm mm = view.mm();
        if (mm == null) {
            out.put("0 0 0 0 0 0 0\n");
            return;
        }
        long shared = count(mm, PageCounter.FILE) + count(mm, PageCounter.SHARED_MEMORY);
        long resident = shared + count(mm, PageCounter.ANONYMOUS);
        long end = mm.get("end_code") + PAGE_SIZE - 1 & -PAGE_SIZE;
        long text = end - (mm.get("start_code") & -PAGE_SIZE) >>> 12;
        out.unsigned(mm.get("total_vm")).put(' ').unsigned(resident).put(' ').unsigned(shared).put(' ');
        out.unsigned(text).put(" 0 ").unsigned(mm.get("data_vm") + mm.get("stack_vm")).put(" 0\n");
    }

    /** A page counter as statm and status give it: exact since 6.17 and in what that was ported back to. */
    static long count(Mm mm, PageCounter counter) {
        Kernel kernel = mm.kernel();
        boolean exact = KernelTraits.calls(kernel, "task_statm", "__percpu_counter_sum");
        return exact ? counter.exact(mm) : counter.approximate(mm);
    }
}
