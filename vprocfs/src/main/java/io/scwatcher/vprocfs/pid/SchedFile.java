package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.task.PidType;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vprocfs.ProcText;

/**
 * /proc/PID/sched: kernel/sched/debug.c {@code proc_sched_show_task}. Lines are named after the members of the task that
 * they show, so a kernel has those lines of which it has the members.
 */
final class SchedFile implements TaskFile {
    private static final String RULE = "-".repeat(67) + "\n";
    private static final long UTIL_AVG_UNCHANGED = 0x8000_0000L;
    private static final int SCHED_DEADLINE = 6;
    /** A name, and a 't' in front of those that are times. */
    private static final String[] STATISTICS = {"t sum_sleep_runtime", "t sum_block_runtime", "t wait_start",
        "t sleep_start", "t block_start", "t sleep_max", "t block_max", "t exec_max", "t slice_max", "t wait_max",
        "t wait_sum", "wait_count", "t iowait_sum", "iowait_count", "nr_migrations_cold", "nr_failed_migrations_affine",
        "nr_failed_migrations_running", "nr_failed_migrations_hot", "nr_forced_migrations", "nr_wakeups",
        "nr_wakeups_sync", "nr_wakeups_migrate", "nr_wakeups_local", "nr_wakeups_remote", "nr_wakeups_affine",
        "nr_wakeups_affine_attempts", "nr_wakeups_passive", "nr_wakeups_idle"};
    private static final String[] LOAD = {"se.load.weight", "se.avg.load_sum", "se.avg.runnable_sum", "se.avg.util_sum",
        "se.avg.load_avg", "se.avg.runnable_avg", "se.avg.util_avg", "se.avg.last_update_time"};

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        Task task = view.task();
        KObject object = task.object();
        out.put(task.comm()).put(" (").dec(view.namespace().number(task, PidType.PID)).put(", #threads: ");
        out.dec(task.threadCount()).put(")\n").put(RULE);
        time("se.exec_start", object.get("se.exec_start"), out);
        time("se.vruntime", object.get("se.vruntime"), out);
        time("se.sum_exec_runtime", object.get("se.sum_exec_runtime"), out);
        value("se.nr_migrations", object.get("se.nr_migrations"), out);
        long voluntary = object.get("nvcsw");
        long involuntary = object.get("nivcsw");
        if (isKeyEnabled(view.kernel(), "sched_schedstats")) {
            statistics(object, voluntary + involuntary, out);
        }
        value("nr_switches", voluntary + involuntary, out);
        value("nr_voluntary_switches", voluntary, out);
        value("nr_involuntary_switches", involuntary, out);
        load(object, out);
        if (object.has("uclamp_req")) {
            new UtilizationClamp(object).print(out);
        }
        policy(view.kernel(), object, out);
        // Two readings of the clock, one after the other: nothing of it lies in memory.
        value("clock-delta", 0, out);
        NumaFaults.print(task, out);
    }

    private static void statistics(KObject task, long switches, ProcText out) {
        // 5.16 moved them out of the scheduling entity; the line is named after the member's path.
        boolean moved = task.has("stats");
        String prefix = moved ? "stats." : "se.statistics.";
        for (String statistic : STATISTICS) {
            boolean isTime = statistic.startsWith("t ");
            String name = isTime ? statistic.substring(2) : statistic;
            if (!task.has(prefix + name)) {
                continue;
            }
            String title = moved ? name : prefix + name;
            if (isTime) {
                time(title, task.get(prefix + name), out);
            } else {
                value(title, task.get(prefix + name), out);
            }
        }
        long runtime = task.get("se.sum_exec_runtime");
        long migrations = task.get("se.nr_migrations");
        time("avg_atom", switches != 0 ? Long.divideUnsigned(runtime, switches) : -1, out);
        time("avg_per_cpu", migrations != 0 ? Long.divideUnsigned(runtime, migrations) : -1, out);
        if (task.has("stats.core_forceidle_sum")) {
            time("core_forceidle_sum", task.get("stats.core_forceidle_sum"), out);
        }
    }

    private static void load(KObject task, ProcText out) {
        for (String member : LOAD) {
            if (task.has(member)) {
                value(member, task.get(member), out);
            }
        }
        // 6.8 made the two estimates one.
        if (task.has("se.avg.util_est.ewma")) {
            value("se.avg.util_est.ewma", task.get("se.avg.util_est.ewma"), out);
            value("se.avg.util_est.enqueued", task.get("se.avg.util_est.enqueued") & ~UTIL_AVG_UNCHANGED, out);
        } else if (task.has("se.avg.util_est")) {
            value("se.avg.util_est", task.get("se.avg.util_est") & ~UTIL_AVG_UNCHANGED, out);
        }
    }

    private static void policy(Kernel kernel, KObject task, ProcText out) {
        long policy = task.get("policy");
        value("policy", policy, out);
        value("prio", task.get("prio"), out);
        if (policy == SCHED_DEADLINE) {
            value("dl.runtime", task.get("dl.runtime"), out);
            value("dl.deadline", task.get("dl.deadline"), out);
        } else if (isFair(policy) && task.has("se.slice") && KernelTraits.hasText(kernel, "se.slice", "proc_sched_show_task")) {
            value("se.slice", task.get("se.slice"), out);
        }
        if (KernelTraits.hasText(kernel, "ext.enabled", "proc_sched_show_task")) {
            boolean extensible = kernel.symbols().has("ext_sched_class")
                    && task.get("sched_class") == kernel.address("ext_sched_class");
            value("ext.enabled", extensible ? 1 : 0, out);
        }
    }

    /** {@code SCHED_NORMAL} and {@code SCHED_BATCH}. */
    private static boolean isFair(long policy) {
        return policy == 0 || policy == 3;
    }

    static boolean isKeyEnabled(Kernel kernel, String key) {
        return kernel.symbols().has(key) && kernel.memory().u32(kernel.address(key)) != 0;
    }

    static void value(String title, long value, ProcText out) {
        out.left(title, 45).put(':').dec(value, 21).put('\n');
    }

    private static void time(String title, long nanoseconds, ProcText out) {
        out.left(title, 45).put(':').dec(nanoseconds / 1_000_000, 14).put('.');
        out.zeroPadded(Math.abs(nanoseconds % 1_000_000), 6).put('\n');
    }
}
