package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Signal.SIGCHLD;
import static io.scwatcher.os.abi.Signal.SIGCONT;
import static io.scwatcher.os.abi.Signal.SIGHUP;

import io.scwatcher.os.Layer;
import io.scwatcher.os.futex.RobustList;
import io.scwatcher.os.mm.MemoryDescriptor;
import io.scwatcher.os.signal.SignalActions;
import io.scwatcher.os.signal.SignalInfo;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.syscall.SystemCallException;
import java.util.List;

/** The end of a task: do_exit, release_task and exit_notify of kernel/exit.c (6.12). */
final class TaskExit {
    private TaskExit() {}

    /** Takes the task apart. By its own thread, with the turn, which is left for good. Whatever fails on the way, the run learns that it is gone. */
    static void exit(Task task) {
        try {
            releaseAll(task);
        } finally {
            try {
                leaveProcess(task);
            } finally {
                task.group().run().releaseTask(task.cpuTime().total());
            }
        }
    }

    private static void releaseAll(Task task) {
        MemoryDescriptor mm = task.mm();
        ThreadGroup group = task.group();
        try {
            releaseMemory(task);
            group.peakPages = Math.max(group.peakPages, mm.peakPages());
            mm.release();
        } finally {
            mm.space().turn().leave();
            task.cpuTime().pause();
            task.files().release();
        }
    }

    private static void leaveProcess(Task task) {
        ThreadGroup group = task.group();
        Processes processes = task.layer().processes();
        boolean last;
        synchronized (processes) {
            Signals.retarget(task, ~task.signals().blocked());
            task.setDead();
            group.tasks.remove(task);
            group.deadUser += task.cpuTime().user();
            group.deadSystem += task.cpuTime().system();
            if (task == group.leader && !group.exiting) {
                group.status = (task.exitCode() & 0xff) << 8;
            }
            if (task != group.leader) {
                processes.remove(task);
            }
            last = group.tasks.isEmpty();
            if (last) {
                processEnds(processes, group);
            } else {
                GroupStop.checkStopped(group);
            }
            group.changed().wakeAll();
        }
        if (last) {
            // timers and terminals take the lock of the process table with their own held, so that the order here is the same
            group.timers().cancelAll();
            if (group.session != null && group.session.id() == group.id()) {
                leaveTerminal(task.layer(), group.session);
            }
        }
        if (task.layer().trace() != null) {
            task.layer().trace().exit(task, group.status);
        }
    }

    /** What mm_release of kernel/fork.c does, also for execve(2): futexes are told, a vfork parent runs on. With the turn. */
    static void releaseMemory(Task task) {
        if (task.robustList != 0) {
            RobustList.release(task, task.robustList);
            task.robustList = 0;
        }
        if (task.clearChildTid != 0) {
            if (task.mm().users() > 1) {
                try {
                    task.memory().put32(task.clearChildTid, 0);
                    task.layer().futexes().wakeShared(task, task.clearChildTid, 1);
                } catch (SystemCallException _) {
                    // the program gave an address that it cannot write to: nobody waits there
                }
            }
            task.clearChildTid = 0;
        }
        if (task.vforkWait != null) {
            task.vforkWait.complete();
            task.vforkWait = null;
        }
    }

    private static void processEnds(Processes processes, ThreadGroup group) {
        ThreadGroup parent = group.parent;
        for (ThreadGroup child : List.copyOf(group.children)) {
            adopt(processes, group, child);
        }
        GroupStop.releaseOrphans(processes, group, parent, group);
        group.zombie = true;
        if (group.run().first() == group) {
            group.run().firstEnded(group.status);
        }
        if (parent == null || !tellParent(group, parent)) {
            reap(processes, group);
        }
    }

    /** A session's leader ended: disassociate_ctty of drivers/tty/tty_jobctrl.c. */
    private static void leaveTerminal(Layer layer, Session session) {
        ControllingTerminal terminal = session.terminal();
        if (terminal == null) {
            return;
        }
        int foreground = terminal.foregroundGroup();
        Signals.toProcessGroup(layer, foreground, SignalInfo.kernel(SIGHUP));
        Signals.toProcessGroup(layer, foreground, SignalInfo.kernel(SIGCONT));
        session.setTerminal(null);
        terminal.disassociate();
    }

    /** forget_original_parent: the nearest living subreaper gets the child, or nobody. */
    private static void adopt(Processes processes, ThreadGroup dying, ThreadGroup child) {
        ThreadGroup heir = dying.parent;
        while (heir != null && (!heir.childSubreaper || heir.zombie || heir.tasks.isEmpty())) {
            heir = heir.parent;
        }
        dying.children.remove(child);
        ThreadGroup old = child.parent;
        child.parent = heir;
        child.exitSignal = SIGCHLD;
        if (heir != null) {
            heir.children.add(child);
        }
        if (child.parentDeathSignal != 0) {
            Signals.toGroup(child, SignalInfo.user(child.parentDeathSignal, SignalInfo.SI_USER, dying.id(), dying.userId()));
        }
        if (child.zombie && (heir == null || !tellParent(child, heir))) {
            reap(processes, child);
        }
        GroupStop.releaseOrphans(processes, child, old, dying);
    }

    /** do_notify_parent. @return false if the parent wants no zombies */
    private static boolean tellParent(ThreadGroup group, ThreadGroup parent) {
        boolean keep = true;
        int signal = group.exitSignal;
        SignalActions.Action action = parent.actions.get(SIGCHLD);
        if (signal == SIGCHLD) {
            boolean ignored = action.handler() == SignalActions.SIG_IGN;
            keep = !ignored && !action.is(SignalActions.SA_NOCLDWAIT);
            signal = ignored ? 0 : signal;
        }
        if (signal != 0) {
            int killer = group.status & 0x7f;
            int code = killer == 0 ? SignalInfo.CLD_EXITED : (group.status & 0x80) != 0 ? SignalInfo.CLD_DUMPED : SignalInfo.CLD_KILLED;
            int status = killer == 0 ? group.status >> 8 & 0xff : killer;
            Signals.toGroup(parent, SignalInfo.child(signal, code, group.id(), group.userId(), status, group.userTicks(), group.systemTicks()));
        }
        parent.childWait().wakeAll();
        return keep;
    }

    /** The zombie goes. With the lock. */
    static void reap(Processes processes, ThreadGroup group) {
        if (group.parent != null) {
            group.parent.children.remove(group);
            group.parent.childWait().wakeAll();
        }
        processes.remove(group.leader);
        processes.disuse(group.processGroup);
        if (group.session != null) {
            processes.disuse(group.session.id());
        }
    }
}
