package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.task.Task;

/** A task's root, working directory and mounts. */
public final class TaskFs {
    private TaskFs() {}

    /** {@code get_fs_root}: null after the task exited. */
    public static Path root(Task task) {
        return path(task, "root");
    }

    /** {@code get_fs_pwd}: null after the task exited. */
    public static Path workingDirectory(Task task) {
        return path(task, "pwd");
    }

    /** {@code umask(2)}, or -1 after the task exited. */
    public static int umask(Task task) {
        KObject fs = task.object().ptr("fs");
        return fs.isNull() ? -1 : fs.getInt("umask");
    }

    /** The task's mount namespace, or null after it exited. */
    public static MountNamespace mounts(Task task) {
        KObject proxy = task.object().ptr("nsproxy");
        if (proxy.isNull()) {
            return null;
        }
        KObject mounts = proxy.ptr("mnt_ns");
        return mounts.isNull() ? null : new MountNamespace(mounts);
    }

    private static Path path(Task task, String member) {
        KObject fs = task.object().ptr("fs");
        return fs.isNull() ? null : Path.of(fs.at(member));
    }
}
