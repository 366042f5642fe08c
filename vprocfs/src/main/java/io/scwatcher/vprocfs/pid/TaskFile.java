package io.scwatcher.vprocfs.pid;

import io.scwatcher.vprocfs.ProcText;

/** A file of /proc/PID or /proc/PID/task/TID. */
@FunctionalInterface
public interface TaskFile {
    /** @throws io.scwatcher.vfs.VfsException with the error that reading it gives in the guest */
    void print(TaskView task, ProcText out);
}
