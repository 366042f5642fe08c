package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.PageCounter;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/oom_score: fs/proc/base.c {@code proc_oom_score}, mm/oom_kill.c {@code oom_badness}; 5.8 and later. */
final class OomScoreFile implements TaskFile {
    private static final long UNKILLABLE = Long.MIN_VALUE;
    private static final int OOM_SCORE_ADJ_MIN = -1000;
    private static final long PAGE_SIZE = 4096;

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        Kernel kernel = view.kernel();
        long total = kernel.memory().u64(kernel.address("_totalram_pages")) + variable(kernel, "total_swap_pages");
        long badness = badness(view.task(), total);
        out.dec(badness == UNKILLABLE ? 0 : (1000 + badness * 1000 / Math.max(1, total)) * 2 / 3).put('\n');
    }

    private static long badness(Task task, long total) {
        if (task.tgid() == 1 || task.isKernelThread()) {
            return UNKILLABLE;
        }
        Task owner = null;
        for (Task thread : task.threads()) {
            if (thread.get("mm") != 0) {
                owner = thread;
                break;
            }
        }
        if (owner == null) {
            return UNKILLABLE;
        }
        Mm mm = owner.mm();
        long adjustment = task.signal().get("oom_score_adj");
        if (adjustment == OOM_SCORE_ADJ_MIN || (mm.flags() >> MmFlags.OOM_SKIP & 1) != 0 || isInVfork(owner, mm)) {
            return UNKILLABLE;
        }
        return pages(mm) + mm.get("pgtables_bytes.counter") / PAGE_SIZE + adjustment * (total / 1000);
    }

    private static long pages(Mm mm) {
        Kernel kernel = mm.kernel();
        boolean exact = KernelTraits.calls(kernel, "oom_badness", "__percpu_counter_sum");
        long pages = 0;
        for (PageCounter counter : PageCounter.values()) {
            pages += exact ? counter.exact(mm) : counter.approximate(mm);
        }
        return pages;
    }

    /** {@code in_vfork} (include/linux/sched/mm.h). */
    private static boolean isInVfork(Task task, Mm mm) {
        return task.get("vfork_done") != 0 && task.realParent().get("mm") == mm.object().address();
    }

    private static long variable(Kernel kernel, String symbol) {
        return kernel.symbols().has(symbol) ? kernel.memory().u64(kernel.address(symbol)) : 0;
    }
}
