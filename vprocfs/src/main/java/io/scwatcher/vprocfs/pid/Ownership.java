package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.task.Credentials;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.kernel.task.UserNamespace;

/**
 * Who owns a task's files: {@code task_dump_owner} (fs/proc/base.c).
 *
 * @param uid global
 * @param gid global
 */
record Ownership(int uid, int gid) {
    private static final Ownership ROOT = new Ownership(0, 0);
    private static final int BY_USER = 1;
    /** The mode of the directories that always belong to the task's user. */
    static final int WORLD_READABLE_DIRECTORY = 0040555;

    static Ownership of(Task task, int mode) {
        if (task.isKernelThread()) {
            return ROOT;
        }
        Credentials credentials = task.credentials();
        Ownership own = new Ownership(credentials.uid("euid"), credentials.gid("egid"));
        if (mode == WORLD_READABLE_DIRECTORY) {
            return own;
        }
        // 7.1 moved dumpability from the address space to what survives it.
        if (task.object().has("exec_state")) {
            KObject state = task.object().ptr("exec_state");
            return state.get("dumpable") == BY_USER ? own : rootOf(state.ptr("user_ns"));
        }
        KObject mm = task.object().ptr("mm");
        if (mm.isNull()) {
            return ROOT;
        }
        return task.mm().dumpable() == BY_USER ? own : rootOf(mm.ptr("user_ns"));
    }

    private static Ownership rootOf(KObject userNamespace) {
        UserNamespace namespace = new UserNamespace(userNamespace);
        return new Ownership(Math.max(0, namespace.globalUid(0)), Math.max(0, namespace.globalGid(0)));
    }
}
