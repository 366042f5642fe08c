package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Signal.SIGCHLD;
import static io.scwatcher.os.abi.Signal.SIGCONT;
import static io.scwatcher.os.abi.Signal.SIGHUP;

import io.scwatcher.os.signal.SignalActions;
import io.scwatcher.os.signal.SignalInfo;
import io.scwatcher.os.signal.Signals;

/** Stopping and continuing processes: job control as in kernel/signal.c (6.12). */
public final class GroupStop {
    private GroupStop() {}

    /** Asks all threads to stop. */
    public static void request(ThreadGroup group, int signal) {
        synchronized (group.layer().processes()) {
            if (group.exiting || group.stopRequested) {
                return;
            }
            group.stopRequested = true;
            group.stopSignal = signal;
            group.continueUnreported = false;
            for (Task task : group.tasks) {
                task.setInterrupted(true);
            }
        }
    }

    /** SIGCONT arrived: threads run again. */
    public static void resume(ThreadGroup group) {
        synchronized (group.layer().processes()) {
            if (!group.stopRequested) {
                return;
            }
            boolean wasStopped = group.stopped;
            group.stopRequested = false;
            group.stopped = false;
            group.stopUnreported = false;
            if (wasStopped) {
                group.continueUnreported = true;
                notifyParent(group, SignalInfo.CLD_CONTINUED, SIGCONT);
            }
            group.changed().wakeAll();
        }
    }

    /** A thread stops, until SIGCONT or death. */
    public static void await(Task task) {
        ThreadGroup group = task.group();
        synchronized (group.layer().processes()) {
            group.stoppedTasks++;
            checkStopped(group);
        }
        task.blockKillable(group.changed(), () -> !group.stopRequested);
        synchronized (group.layer().processes()) {
            group.stoppedTasks--;
        }
    }

    /** Whether all threads have stopped now: then the parent is told. With the lock. */
    static void checkStopped(ThreadGroup group) {
        if (group.stopRequested && !group.stopped && !group.tasks.isEmpty() && group.stoppedTasks == group.tasks.size()) {
            group.stopped = true;
            group.stopUnreported = true;
            notifyParent(group, SignalInfo.CLD_STOPPED, group.stopSignal);
        }
    }

    /** do_notify_parent_cldstop. */
    private static void notifyParent(ThreadGroup group, int code, int signal) {
        ThreadGroup parent = group.parent;
        if (parent == null) {
            return;
        }
        SignalActions.Action action = parent.actions.get(SIGCHLD);
        if (action.handler() != SignalActions.SIG_IGN && !action.is(SignalActions.SA_NOCLDSTOP)) {
            Signals.toGroup(parent, SignalInfo.child(SIGCHLD, code, group.id(), group.userId(), signal, group.userTicks(), group.systemTicks()));
        }
        parent.childWait().wakeAll();
    }

    /** Whether nobody in the process's session could continue it: is_current_pgrp_orphaned of kernel/exit.c. */
    public static boolean orphaned(ThreadGroup group) {
        synchronized (group.layer().processes()) {
            return orphaned(group.layer().processes(), group.processGroup, null);
        }
    }

    /** @param leaving a process that no longer counts */
    static boolean orphaned(Processes processes, int processGroup, ThreadGroup leaving) {
        for (ThreadGroup member : processes.processGroup(processGroup)) {
            ThreadGroup parent = member.parent;
            if (member != leaving && !(member.zombie && member.tasks.isEmpty()) && parent != null && parent.processGroup != processGroup
                    && parent.session == member.session) {
                return false;
            }
        }
        return true;
    }

    /** If a process group with stopped members is orphaned by this, they get SIGHUP and SIGCONT: kill_orphaned_pgrp. */
    static void releaseOrphans(Processes processes, ThreadGroup member, ThreadGroup parent, ThreadGroup leaving) {
        if (parent == null || parent.processGroup == member.processGroup || parent.session != member.session
                || !orphaned(processes, member.processGroup, leaving)) {
            return;
        }
        var members = processes.processGroup(member.processGroup);
        if (members.stream().anyMatch(ThreadGroup::stopped)) {
            members.forEach(stopped -> {
                Signals.toGroup(stopped, SignalInfo.kernel(SIGHUP));
                Signals.toGroup(stopped, SignalInfo.kernel(SIGCONT));
            });
        }
    }
}
