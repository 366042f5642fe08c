package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.vprocfs.ProcText;

/** A task's utilization clamps: kernel/sched/core.c {@code uclamp_eff_value}. */
record UtilizationClamp(KObject task) {
    private static final int MIN = 0;
    private static final int MAX = 1;

    void print(ProcText out) {
        SchedFile.value("uclamp.min", requested(MIN), out);
        SchedFile.value("uclamp.max", requested(MAX), out);
        SchedFile.value("effective uclamp.min", effective(MIN), out);
        SchedFile.value("effective uclamp.max", effective(MAX), out);
    }

    private long requested(int clamp) {
        return task.at("uclamp_req").index(clamp).get("value");
    }

    private long effective(int clamp) {
        KObject current = task.at("uclamp").index(clamp);
        if (current.get("active") != 0) {
            return current.get("value");
        }
        Kernel kernel = task.kernel();
        long wanted = restrictedByGroup(clamp);
        KObject most = kernel.at(kernel.address("uclamp_default"), "uclamp_se").index(clamp);
        return Math.min(wanted, most.get("value"));
    }

    /** {@code uclamp_tg_restrict}: within what the task's group has. */
    private long restrictedByGroup(int clamp) {
        long wanted = requested(clamp);
        if (!task.has("sched_task_group") || !task.ptr("sched_task_group").has("uclamp")) {
            return wanted;
        }
        KObject group = task.ptr("sched_task_group");
        Kernel kernel = task.kernel();
        if (group.address() == kernel.address("root_task_group") || group.getOr("autogroup", 0) != 0) {
            return wanted;
        }
        long least = group.at("uclamp").index(MIN).get("value");
        long most = group.at("uclamp").index(MAX).get("value");
        return Math.clamp(wanted, Math.min(least, most), most);
    }
}
