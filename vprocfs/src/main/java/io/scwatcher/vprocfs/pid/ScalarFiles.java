package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.Vma;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vprocfs.ProcText;

/** Files with one or a few plain values of the task; each names its function in fs/proc/base.c. */
final class ScalarFiles {
    private static final int OOM_SCORE_ADJ_MAX = 1000;
    private static final int OOM_ADJUST_MAX = 15;
    private static final int OOM_DISABLE = -17;
    private static final int DUMP_FILTER_SHIFT = 2;
    private static final int DUMP_FILTER_BITS = 9;
    private static final long PAGE_SIZE = 4096;

    private ScalarFiles() {}

    /** {@code proc_pid_personality}. */
    static void personality(TaskView view, ProcText out) {
        view.requireAlive();
        out.hex(view.object().get("personality") & 0xffff_ffffL, 8).put('\n');
    }

    /** {@code oom_score_adj_read}. */
    static void oomScoreAdjustment(TaskView view, ProcText out) {
        view.requireAlive();
        out.dec(view.task().signal().get("oom_score_adj")).put('\n');
    }

    /** {@code oom_adj_read}: the same in the scale of before 2.6.36. */
    static void oomAdjustment(TaskView view, ProcText out) {
        view.requireAlive();
        int adjustment = view.task().signal().getInt("oom_score_adj");
        int old = adjustment == OOM_SCORE_ADJ_MAX ? OOM_ADJUST_MAX : adjustment * -OOM_DISABLE / OOM_SCORE_ADJ_MAX;
        out.dec(Math.min(old, OOM_ADJUST_MAX)).put('\n');
    }

    /** {@code proc_loginuid_read}: no line feed. */
    static void loginUser(TaskView view, ProcText out) {
        view.requireAlive();
        out.unsigned(view.object().get("loginuid.val") & 0xffff_ffffL);
    }

    /** {@code proc_sessionid_read}: no line feed. */
    static void session(TaskView view, ProcText out) {
        view.requireAlive();
        out.unsigned(view.object().get("sessionid") & 0xffff_ffffL);
    }

    /** {@code timerslack_ns_show}. */
    static void timerSlack(TaskView view, ProcText out) {
        view.requireAlive();
        out.unsigned(view.object().get("timer_slack_ns")).put('\n');
    }

    /** {@code proc_coredump_filter_read}. */
    static void coreDumpFilter(TaskView view, ProcText out) {
        view.requireAlive();
        Mm mm = view.mm();
        if (mm != null) {
            out.hex(mm.flags() >>> DUMP_FILTER_SHIFT & (1 << DUMP_FILTER_BITS) - 1, 8).put('\n');
        }
    }

    /** {@code proc_pid_patch_state}: live patching. */
    static void patchState(TaskView view, ProcText out) {
        view.requireAlive();
        out.dec(view.object().get("patch_state")).put('\n');
    }

    /** {@code proc_fault_inject_read}. */
    static void makeItFail(TaskView view, ProcText out) {
        view.requireAlive();
        out.dec(view.object().get("make_it_fail")).put('\n');
    }

    /** {@code proc_fail_nth_read}. */
    static void failNth(TaskView view, ProcText out) {
        view.requireAlive();
        out.unsigned(view.object().get("fail_nth") & 0xffff_ffffL).put('\n');
    }

    /** {@code proc_pid_schedstat}: nanoseconds running, nanoseconds waiting to run, time slices. */
    static void schedulingTotals(TaskView view, ProcText out) {
        view.requireAlive();
        KObject task = view.object();
        out.unsigned(task.get("se.sum_exec_runtime")).put(' ').unsigned(task.get("sched_info.run_delay")).put(' ');
        out.unsigned(task.get("sched_info.pcount")).put('\n');
    }

    /** {@code children_seq_show}: the process's children, each followed by a blank. */
    static void children(TaskView view, ProcText out) {
        for (KObject child : io.scwatcher.kernel.collection.Lists.list(view.object().at("children"), "task_struct",
                "sibling")) {
            out.dec(view.namespace().number(new Task(child), io.scwatcher.kernel.task.PidType.PID)).put(' ');
        }
    }

    /** {@code proc_pid_ksm_merging_pages}. */
    static void ksmMergingPages(TaskView view, ProcText out) {
        view.requireAlive();
        Mm mm = view.mm();
        if (mm != null) {
            out.unsigned(mm.get("ksm_merging_pages")).put('\n');
        }
    }

    /** {@code proc_pid_ksm_stat}: one line in 6.1, three more in 6.6, again two in 6.15. */
    static void ksm(TaskView view, ProcText out) {
        view.requireAlive();
        Mm mm = view.mm();
        if (mm == null) {
            return;
        }
        long items = mm.get("ksm_rmap_items");
        out.put("ksm_rmap_items ").unsigned(items).put('\n');
        if (!mm.object().has("ksm_zero_pages")) {
            return;
        }
        KObject counter = mm.object().at("ksm_zero_pages");
        long zero = counter.type() instanceof io.scwatcher.kernel.type.StructType ? counter.get("counter")
                : counter.value();
        long merging = mm.get("ksm_merging_pages");
        long itemSize = view.kernel().types().struct("ksm_rmap_item").size();
        out.put("ksm_zero_pages ").dec(zero).put("\nksm_merging_pages ").unsigned(merging);
        out.put("\nksm_process_profit ").dec((merging + zero) * PAGE_SIZE - items * itemSize).put('\n');
        if (KernelTraits.hasText(view.kernel(), "ksm_merge_any: ", "proc_pid_ksm_stat")) {
            boolean any = (mm.flags() >> MmFlags.MERGE_ANY & 1) != 0;
            boolean mergeable = mm.areas().stream().anyMatch(area -> area.has(Vma.VM_MERGEABLE));
            out.put("ksm_merge_any: ").put(any ? "yes" : "no");
            out.put("\nksm_mergeable: ").put(mergeable ? "yes" : "no").put('\n');
        }
    }
}
