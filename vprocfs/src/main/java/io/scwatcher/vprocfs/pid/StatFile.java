package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.PageCounter;
import io.scwatcher.kernel.task.CpuTime;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.kernel.task.PidType;
import io.scwatcher.kernel.task.ResourceLimits;
import io.scwatcher.kernel.task.SignalSet;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.kernel.task.TaskName;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;

/** /proc/PID/stat: fs/proc/array.c {@code do_task_stat}. The reader is root. */
final class StatFile implements TaskFile {
    private static final long PAGE_SIZE = 4096;
    private static final int SIGNAL_STOP_STOPPED = 0x1;
    private static final int SIGNAL_GROUP_EXIT = 0x4;
    private static final long OLD_SIGNALS = 0x7fff_ffffL;
    private static final int MAX_RT_PRIO = 100;
    private static final int DEFAULT_PRIO = 120;
    private static final String[] BOUNDARIES =
            {"start_data", "end_data", "start_brk", "arg_start", "arg_end", "env_start", "env_end"};

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        Task task = view.task();
        KObject object = task.object();
        KObject signal = task.signal();
        PidNamespace namespace = view.namespace();
        Mm mm = task.mm();
        out.dec(namespace.number(task, PidType.PID)).put(" (").put(TaskName.of(task)).put(") ");
        out.put(task.state().letter());
        field(out, namespace.number(task.realParent(), PidType.TGID));
        field(out, namespace.number(task, PidType.PGID));
        field(out, namespace.number(task, PidType.SID));
        terminal(signal, namespace, out);
        unsigned(out, task.flags() & 0xffff_ffffL);
        List<Task> threads = view.whole() ? task.threads() : List.of();
        faults(view, signal, threads, out);
        CpuTime time = view.whole() ? CpuTime.ofGroup(signal, threads) : CpuTime.ofThread(task);
        unsigned(out, ClockTicks.of(time.user()));
        unsigned(out, ClockTicks.of(time.system()));
        field(out, ClockTicks.of(signal.get("cutime")));
        field(out, ClockTicks.of(signal.get("cstime")));
        field(out, object.getInt("prio") - MAX_RT_PRIO);
        field(out, object.getInt("static_prio") - DEFAULT_PRIO);
        int threadCount = task.sighand().isNull() ? 0 : task.threadCount();
        field(out, threadCount);
        out.put(" 0");
        unsigned(out, ClockTicks.of(startTime(object)));
        unsigned(out, mm == null ? 0 : mm.get("total_vm") * PAGE_SIZE);
        unsigned(out, mm == null ? 0 : residentPages(view, mm));
        unsigned(out, ResourceLimits.soft(signal, ResourceLimits.RSS));
        unsigned(out, mm == null ? 0 : mm.get("start_code"));
        unsigned(out, mm == null ? 0 : mm.get("end_code"));
        unsigned(out, mm == null ? 0 : mm.get("start_stack"));
        userRegisters(view, mm, out);
        signals(task, out);
        unsigned(out, !view.whole() || threadCount < 2 ? WaitChannel.flag(view) : 0);
        out.put(" 0 0");
        field(out, object.getInt("exit_signal"));
        field(out, task.cpu());
        unsigned(out, object.get("rt_priority"));
        unsigned(out, object.get("policy"));
        unsigned(out, blockTicks(object));
        unsigned(out, ClockTicks.of(guestTime(view, signal, threads)));
        field(out, ClockTicks.of(signal.get("cgtime")));
        boundaries(mm, out);
        field(out, exitCode(view, signal));
        out.put('\n');
    }

    private static void terminal(KObject signal, PidNamespace namespace, ProcText out) {
        KObject tty = signal.ptr("tty");
        if (tty.isNull()) {
            out.put(" 0 -1");
            return;
        }
        KObject driver = tty.ptr("driver");
        int minor = driver.getInt("minor_start") + tty.getInt("index");
        field(out, minor & 0xff | driver.getInt("major") << 8 | (minor & ~0xff) << 12);
        // 5.16 gathered what belongs to a controlling terminal.
        field(out, namespace.number(tty.ptr(tty.has("ctrl.pgrp") ? "ctrl.pgrp" : "pgrp")));
    }

    /** @param threads of a process; of a single thread none */
    private static void faults(TaskView view, KObject signal, List<Task> threads, ProcText out) {
        long minor = view.whole() ? signal.get("min_flt") : view.task().get("min_flt");
        long major = view.whole() ? signal.get("maj_flt") : view.task().get("maj_flt");
        for (Task thread : threads) {
            minor += thread.get("min_flt");
            major += thread.get("maj_flt");
        }
        unsigned(out, minor);
        unsigned(out, signal.get("cmin_flt"));
        unsigned(out, major);
        unsigned(out, signal.get("cmaj_flt"));
    }

    /** Nanoseconds since boot, counting suspension. */
    private static long startTime(KObject task) {
        return task.get(task.has("start_boottime") ? "start_boottime" : "real_start_time");
    }

    private static long residentPages(TaskView view, Mm mm) {
        boolean exact = KernelTraits.calls(view.kernel(), "do_task_stat", "__percpu_counter_sum");
        long pages = 0;
        for (PageCounter counter : PageCounter.RESIDENT) {
            pages += exact ? counter.exact(mm) : counter.approximate(mm);
        }
        return pages;
    }

    /** {@code esp} and {@code eip}: only told while the process dumps core. */
    private static void userRegisters(TaskView view, Mm mm, ProcText out) {
        boolean told = mm != null && (view.task().flags() & (Task.PF_EXITING | Task.PF_DUMPCORE)) != 0;
        UserRegisters registers = told ? UserRegisters.of(view.task()) : null;
        unsigned(out, registers == null ? 0 : registers.stackPointer());
        unsigned(out, registers == null ? 0 : registers.instructionPointer());
    }

    private static void signals(Task task, ProcText out) {
        KObject sighand = task.sighand();
        SignalSet[] sets = sighand.isNull() ? new SignalSet[] {new SignalSet(0), new SignalSet(0)}
                : SignalSet.ignoredAndCaught(sighand);
        unsigned(out, task.get("pending.signal.sig[0]") & OLD_SIGNALS);
        unsigned(out, task.get("blocked.sig[0]") & OLD_SIGNALS);
        unsigned(out, sets[0].bits() & OLD_SIGNALS);
        unsigned(out, sets[1].bits() & OLD_SIGNALS);
    }

    /** {@code delayacct_blkio_ticks}; until 5.17 with the waits for swapped pages. */
    private static long blockTicks(KObject task) {
        if (!task.has("delays") || task.get("delays") == 0) {
            return 0;
        }
        KObject delays = task.ptr("delays");
        boolean separate = !delays.has("flags");
        return ClockTicks.of(delays.get("blkio_delay") + (separate ? 0 : delays.getOr("swapin_delay", 0)));
    }

    private static long guestTime(TaskView view, KObject signal, List<Task> threads) {
        long time = view.whole() ? signal.get("gtime") : view.task().get("gtime");
        for (Task thread : threads) {
            time += thread.get("gtime");
        }
        return time;
    }

    private static void boundaries(Mm mm, ProcText out) {
        if (mm == null) {
            out.put(" 0 0 0 0 0 0 0");
            return;
        }
        for (String boundary : BOUNDARIES) {
            unsigned(out, mm.get(boundary));
        }
    }

    /** 5.17 shows the group's exit code (and renamed {@code group_exit_task} in the same release). */
    private static int exitCode(TaskView view, KObject signal) {
        boolean grouped = view.whole() && signal.has("group_exec_task") && !view.task().sighand().isNull()
                && (signal.get("flags") & (SIGNAL_GROUP_EXIT | SIGNAL_STOP_STOPPED)) != 0;
        return grouped ? signal.getInt("group_exit_code") : view.object().getInt("exit_code");
    }

    private static void field(ProcText out, long value) {
        out.put(' ').dec(value);
    }

    private static void unsigned(ProcText out, long value) {
        out.put(' ').unsigned(value);
    }
}
