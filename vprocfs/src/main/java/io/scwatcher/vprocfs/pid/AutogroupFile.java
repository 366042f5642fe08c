package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/autogroup: kernel/sched/autogroup.c {@code proc_sched_autogroup_show_task}. */
final class AutogroupFile {
    private AutogroupFile() {}

    static void print(TaskView view, ProcText out) {
        view.requireAlive();
        KObject group = view.task().signal().ptr("autogroup");
        if (group.isNull() || !isOwnGroup(view.kernel(), group)) {
            return;
        }
        out.put("/autogroup-").dec(group.get("id")).put(" nice ").dec(group.getInt("nice")).put('\n');
    }

    /** {@code task_group_is_autogroup}: the initial group's tasks are in the root task group. */
    private static boolean isOwnGroup(Kernel kernel, KObject group) {
        KObject tasks = group.ptr("tg");
        return !tasks.isNull() && tasks.getOr("autogroup", 0) != 0;
    }
}
