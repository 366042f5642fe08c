package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.task.Cgroups;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/cgroup: kernel/cgroup/cgroup.c {@code proc_cgroup_show}; /proc/PID/cpuset. */
final class CgroupFiles {
    private CgroupFiles() {}

    static void cgroup(TaskView view, ProcText out) {
        view.requireAlive();
        Task task = view.task();
        Cgroups cgroups = new Cgroups(view.kernel());
        for (KObject root : cgroups.hierarchies()) {
            boolean unified = cgroups.isUnified(root);
            if (unified && !cgroups.isUnifiedVisible()) {
                continue;
            }
            KObject group = cgroups.groupOf(task, root);
            if (group == null) {
                continue;
            }
            out.dec(root.get("hierarchy_id")).put(':');
            String controllers = unified ? "" : cgroups.controllers(root);
            String name = root.string("name", 64);
            out.put(controllers);
            if (!name.isEmpty()) {
                out.put(controllers.isEmpty() ? "name=" : ",name=").put(name);
            }
            out.put(':');
            boolean told = unified || (task.flags() & Task.PF_EXITING) == 0;
            out.put(told ? cgroups.path(group, cgroups.viewRoot(root)) : "/");
            out.put(unified && cgroups.isDead(group) ? " (deleted)\n" : "\n");
        }
    }

    /** kernel/cgroup/cpuset.c {@code proc_cpuset_show}. */
    static void cpuset(TaskView view, ProcText out) {
        view.requireAlive();
        Cgroups cgroups = new Cgroups(view.kernel());
        KObject group = cgroups.groupOf(view.task(), "cpuset_cgrp_id");
        if (group == null) {
            throw new VfsException(Errno.EIO);
        }
        out.put(cgroups.path(group, cgroups.viewRoot(group.ptr("root")))).put('\n');
    }
}
