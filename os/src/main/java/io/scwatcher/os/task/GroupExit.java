package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Signal.SIGKILL;

import io.scwatcher.os.Run;

/** The end of a whole process: exit_group(2) and fatal signals (do_group_exit of kernel/exit.c, zap_other_threads of kernel/signal.c). */
public final class GroupExit {
    private GroupExit() {}

    /**
     * Lets all threads of a process die. The first reason counts.
     *
     * @param status as wait4(2) reports it
     */
    public static void begin(ThreadGroup group, int status) {
        synchronized (group.layer().processes()) {
            if (group.exiting) {
                return;
            }
            group.exiting = true;
            group.status = status;
            group.stopRequested = false;
            for (Task task : group.tasks) {
                task.setInterrupted(true);
            }
            group.changed().wakeAll();
        }
    }

    /** SIGKILL for all processes of a run, those too that it is just forking. */
    public static void killAll(Run run) {
        for (ThreadGroup group : run.layer().processes().groupsOf(run)) {
            begin(group, SIGKILL);
        }
    }
}
