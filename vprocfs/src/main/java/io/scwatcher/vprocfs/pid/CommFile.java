package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.task.TaskName;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/comm: fs/proc/base.c {@code comm_show}. */
final class CommFile implements TaskFile {
    @Override
    public void print(TaskView task, ProcText out) {
        task.requireAlive();
        out.put(TaskName.of(task.task())).put('\n');
    }
}
