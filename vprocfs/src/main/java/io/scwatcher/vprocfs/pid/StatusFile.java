package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.FileTable;
import io.scwatcher.kernel.fs.TaskFs;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.task.Credentials;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.kernel.task.PidType;
import io.scwatcher.kernel.task.SpeculationControl;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.kernel.task.TaskName;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/status: fs/proc/array.c {@code proc_pid_status}. */
final class StatusFile implements TaskFile {
    private static final String[] USER_IDS = {"uid", "euid", "suid", "fsuid"};
    private static final String[] GROUP_IDS = {"gid", "egid", "sgid", "fsgid"};
    private static final PidType[] NAMESPACED = {PidType.TGID, PidType.PID, PidType.PGID, PidType.SID};
    private static final String[] NAMESPACED_TITLES = {"\nNStgid:", "\nNSpid:", "\nNSpgid:", "\nNSsid:"};
    private static final String[] CAPABILITY_TITLES = {"CapInh:\t", "CapPrm:\t", "CapEff:\t", "CapBnd:\t", "CapAmb:\t"};
    private static final String[] CAPABILITY_SETS =
            {"cap_inheritable", "cap_permitted", "cap_effective", "cap_bset", "cap_ambient"};

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        Task task = view.task();
        Credentials credentials = task.credentials();
        Mm mm = task.mm();
        out.put("Name:\t");
        escapeName(TaskName.of(task), out);
        state(view, credentials, out);
        if (mm != null) {
            StatusMemory.print(view, mm, out);
        }
        StatusSignals.print(task, credentials, out);
        for (int i = 0; i < CAPABILITY_SETS.length; i++) {
            out.put(CAPABILITY_TITLES[i]).hex(credentials.capabilities(CAPABILITY_SETS[i]), 16).put('\n');
        }
        protections(task, out);
        CpuMask.print(task, out);
        out.put("voluntary_ctxt_switches:\t").unsigned(task.get("nvcsw"));
        out.put("\nnonvoluntary_ctxt_switches:\t").unsigned(task.get("nivcsw")).put('\n');
        threadFeatures(task, out);
    }

    /** {@code string_escape_str} with {@code ESCAPE_SPACE | ESCAPE_SPECIAL}, only for line feed and backslash. */
    static void escapeName(String name, ProcText out) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '\n' -> out.put("\\n");
                case '\\' -> out.put("\\\\");
                default -> out.put(c);
            }
        }
        out.put('\n');
    }

    /** {@code task_state}. */
    private static void state(TaskView view, Credentials credentials, ProcText out) {
        Task task = view.task();
        PidNamespace namespace = view.namespace();
        int umask = TaskFs.umask(task);
        if (umask >= 0) {
            out.put("Umask:\t").format("%04o", umask).put('\n');
        }
        FileTable files = FileTable.of(task);
        out.put("State:\t").put(task.state().text());
        out.put("\nTgid:\t").dec(namespace.number(task, PidType.TGID));
        out.put("\nNgid:\t").dec(numaGroup(task));
        out.put("\nPid:\t").dec(namespace.number(task, PidType.PID));
        out.put("\nPPid:\t").dec(namespace.number(task.realParent(), PidType.TGID));
        out.put("\nTracerPid:\t").dec(tracer(task, namespace));
        ids("\nUid:\t", credentials, USER_IDS, out);
        ids("\nGid:\t", credentials, GROUP_IDS, out);
        out.put("\nFDSize:\t").dec(files == null ? 0 : files.size());
        out.put("\nGroups:\t");
        for (int group : credentials.groups()) {
            out.unsigned(group & 0xffff_ffffL).put(' ');
        }
        if (credentials.groups().length == 0) {
            out.put(' ');
        }
        if (view.kernel().symbols().has("copy_pid_ns")) {
            namespacedNumbers(task, namespace, out);
        }
        out.put('\n');
        if (has(view.kernel(), "Kthread:\t")) {
            out.put("Kthread:\t").put(task.isKernelThread() ? '1' : '0').put('\n');
        }
    }

    private static void namespacedNumbers(Task task, PidNamespace namespace, ProcText out) {
        KObject pid = task.pid(PidType.PID);
        var chain = namespace.inwards(pid);
        for (int i = 0; i < NAMESPACED.length; i++) {
            out.put(NAMESPACED_TITLES[i]);
            for (PidNamespace inner : chain) {
                out.put('\t').dec(inner.number(task, NAMESPACED[i]));
            }
        }
    }

    private static void ids(String title, Credentials credentials, String[] kinds, ProcText out) {
        out.put(title);
        for (int i = 0; i < kinds.length; i++) {
            out.unsigned(credentials.uid(kinds[i]) & 0xffff_ffffL);
            if (i < kinds.length - 1) {
                out.put('\t');
            }
        }
    }

    /** {@code task_numa_group_id}. */
    private static int numaGroup(Task task) {
        KObject object = task.object();
        return object.has("numa_group") && object.get("numa_group") != 0 ? object.ptr("numa_group").getInt("gid") : 0;
    }

    /** {@code ptrace_parent}. */
    private static int tracer(Task task, PidNamespace namespace) {
        return task.get("ptrace") == 0 ? 0 : namespace.number(new Task(task.object().ptr("parent")), PidType.PID);
    }

    /** {@code task_seccomp}. */
    private static void protections(Task task, ProcText out) {
        Kernel kernel = task.kernel();
        KObject object = task.object();
        out.put("NoNewPrivs:\t").dec(task.get("atomic_flags") & 1);
        if (object.has("seccomp.mode")) {
            out.put("\nSeccomp:\t").dec(object.get("seccomp.mode"));
        }
        if (object.has("seccomp.filter_count")) {
            out.put("\nSeccomp_filters:\t").dec(object.get("seccomp.filter_count.counter"));
        }
        out.put("\nSpeculation_Store_Bypass:\t").put(SpeculationControl.storeBypass(task));
        if (has(kernel, "SpeculationIndirectBranch:\t")) {
            out.put("\nSpeculationIndirectBranch:\t").put(SpeculationControl.indirectBranch(task));
        }
        out.put('\n');
    }

    /** {@code arch_proc_pid_thread_features} (arch/x86/kernel/cpu/proc.c, 6.6): the shadow stack. */
    private static void threadFeatures(Task task, ProcText out) {
        if (!task.object().has("thread.features") || !has(task.kernel(), "x86_Thread_features:\t")) {
            return;
        }
        out.put("x86_Thread_features:\t").put(features(task.get("thread.features"))).put('\n');
        out.put("x86_Thread_features_locked:\t").put(features(task.get("thread.features_locked"))).put('\n');
    }

    private static String features(long bits) {
        return ((bits & 1) != 0 ? "shstk " : "") + ((bits & 2) != 0 ? "wrss " : "");
    }

    static boolean has(Kernel kernel, String text) {
        return KernelTraits.hasText(kernel, text, "proc_pid_status", "arch_proc_pid_thread_features");
    }
}
