package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Idr;
import io.scwatcher.kernel.collection.XArray;
import java.util.ArrayList;
import java.util.List;

/**
 * A PID namespace: who is known in it, by which number. Follows kernel/pid.c, 4.15 (idr) and later.
 *
 * @param object the {@code struct pid_namespace}
 */
public record PidNamespace(KObject object) {
    /** Namespaces nest at most this deep ({@code MAX_PID_NS_LEVEL}). */
    private static final int DEEPEST = 32;

    public static PidNamespace initial(Kernel kernel) {
        return new PidNamespace(kernel.object("init_pid_ns", "pid_namespace"));
    }

    /** {@code task_active_pid_ns}: the namespace in which the task was born; null for a reaped task. */
    public static PidNamespace of(Task task) {
        KObject pid = task.pid(PidType.PID);
        return pid.isNull() ? null : new PidNamespace(number(pid, level(pid)).ptr("ns"));
    }

    public int level() {
        return object.getInt("level");
    }

    /** The namespace's init, which inherits its orphans. */
    public Task childReaper() {
        return new Task(object.ptr("child_reaper"));
    }

    /** {@code pid_nr_ns}: the number of a {@code struct pid} as seen from this namespace; 0 if it is not seen. */
    public int number(KObject pid) {
        int level = level();
        if (pid.isNull() || level > level(pid)) {
            return 0;
        }
        KObject number = number(pid, level);
        return number.get("ns") == object.address() ? number.getInt("nr") : 0;
    }

    /** {@code task_pid_nr_ns} and its relatives. */
    public int number(Task task, PidType type) {
        return number(task.pid(type));
    }

    /** {@code find_task_by_pid_ns}: the thread of that number, or null. */
    public Task find(int number) {
        long pid = Idr.find(object.at("idr"), number);
        return pid == 0 ? null : task(object.kernel().at(pid, "pid"), PidType.PID);
    }

    /** The processes (thread group leaders) in the order of their numbers: {@code next_tgid} (fs/proc/base.c). */
    public List<Task> processes() {
        List<Task> found = new ArrayList<>();
        for (XArray.Entry entry : Idr.entries(object.at("idr"))) {
            Task task = task(object.kernel().at(entry.value(), "pid"), PidType.TGID);
            if (task != null) {
                found.add(task);
            }
        }
        return found;
    }

    /** {@code pid_task}: the first task attached to a {@code struct pid} in a role, or null. */
    public static Task task(KObject pid, PidType type) {
        Kernel kernel = pid.kernel();
        boolean current = kernel.types().struct("task_struct").has("thread_pid");
        int index = current ? type.ordinal() : type.legacyIndex();
        long node = pid.get("tasks[" + index + "].first");
        if (node == 0) {
            return null;
        }
        String member = current ? "pid_links[" + index + "]" : "pids[" + index + "].node";
        Task task = new Task(kernel.at(node, "hlist_node").containerOf("task_struct", member));
        // Before 4.19 a process was found by its leader's PID.
        return current || type != PidType.TGID || task.isLeader() ? task : null;
    }

    /** The numbers of a {@code struct pid} from this namespace inwards. */
    public List<PidNamespace> inwards(KObject pid) {
        List<PidNamespace> chain = new ArrayList<>();
        for (int i = level(); i <= level(pid); i++) {
            chain.add(new PidNamespace(number(pid, i).ptr("ns")));
        }
        return chain;
    }

    private static int level(KObject pid) {
        return (int) Math.min(DEEPEST, pid.get("level"));
    }

    private static KObject number(KObject pid, int level) {
        return pid.at("numbers").index(level);
    }
}
