package io.scwatcher.os.signal;

import static io.scwatcher.os.abi.Signal.SIGCHLD;
import static io.scwatcher.os.abi.Signal.SIGCONT;
import static io.scwatcher.os.abi.Signal.SIGKILL;
import static io.scwatcher.os.abi.Signal.SIGRTMIN;
import static io.scwatcher.os.abi.Signal.SIGSTOP;
import static io.scwatcher.os.abi.Signal.SIGTSTP;
import static io.scwatcher.os.abi.Signal.SIGTTIN;
import static io.scwatcher.os.abi.Signal.SIGTTOU;
import static io.scwatcher.os.abi.Signal.SIGURG;
import static io.scwatcher.os.abi.Signal.SIGWINCH;
import static io.scwatcher.os.abi.Signal.bit;

import io.scwatcher.os.Layer;
import io.scwatcher.os.signal.SignalActions.Action;
import io.scwatcher.os.task.GroupExit;
import io.scwatcher.os.task.GroupStop;
import io.scwatcher.os.task.ResourceLimits;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.task.ThreadGroup;

/** Sending, queueing and taking signals, as kernel/signal.c (6.12). Every method takes the lock of the process table. */
public final class Signals {
    public static final long STOP_SET = bit(SIGSTOP) | bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU);
    /** What can be neither blocked, caught nor ignored. */
    public static final long UNBLOCKABLE = bit(SIGKILL) | bit(SIGSTOP);
    private static final long IGNORED_BY_DEFAULT = bit(SIGCONT) | bit(SIGCHLD) | bit(SIGWINCH) | bit(SIGURG);

    private Signals() {}

    /** Sends a signal to a process: any of its threads may take it. */
    public static boolean toGroup(ThreadGroup group, SignalInfo info) {
        synchronized (group.layer().processes()) {
            return send(group, null, info);
        }
    }

    /** Sends a signal to one thread. */
    public static boolean toTask(Task task, SignalInfo info) {
        synchronized (task.layer().processes()) {
            return send(task.group(), task, info);
        }
    }

    /** Sends a signal of the kernel to every process of a process group: what a terminal does. */
    public static void toProcessGroup(Layer layer, int processGroup, SignalInfo info) {
        synchronized (layer.processes()) {
            layer.processes().processGroup(processGroup).forEach(group -> send(group, null, info));
        }
    }

    /** The current task did something that raises a signal: a write to a closed pipe, a file too large. */
    public static void raise(Task task, int signal) {
        toTask(task, SignalInfo.user(signal, SignalInfo.SI_USER, task.group().id(), task.credentials().uid()));
    }

    /** @return false if the queue is full (EAGAIN of sigqueue) */
    private static boolean send(ThreadGroup group, Task target, SignalInfo info) {
        int signal = info.signal();
        if (group.zombie() || group.exiting()) {
            return true;
        }
        if (signal == SIGKILL) {
            GroupExit.begin(group, SIGKILL);
            return true;
        }
        prepare(group, signal);
        boolean blocked = target == null ? blockedByLeader(group, signal) : (target.signals().blocked & bit(signal)) != 0;
        if (!blocked && ignored(group.actions(), signal)) {
            return true;
        }
        PendingSignals queue = target == null ? group.pending() : target.signals().pending();
        if (Long.compareUnsigned(queue.size(), group.limits().soft(ResourceLimits.SIGPENDING)) >= 0) {
            if (signal >= SIGRTMIN && info.code() != SignalInfo.SI_USER) {
                return false;
            }
            queue.addBare(signal);
        } else {
            queue.add(info);
        }
        group.signalArrived().wakeAll();
        wake(group, target, signal);
        return true;
    }

    /** A stop signal takes back SIGCONT and the other way round: prepare_signal. */
    private static void prepare(ThreadGroup group, int signal) {
        if ((STOP_SET & bit(signal)) != 0) {
            flush(group, bit(SIGCONT));
        } else if (signal == SIGCONT) {
            flush(group, STOP_SET);
            GroupStop.resume(group);
        }
    }

    private static void flush(ThreadGroup group, long set) {
        group.pending().flush(set);
        for (Task task : group.tasks()) {
            task.signals().pending().flush(set);
        }
    }

    private static boolean blockedByLeader(ThreadGroup group, int signal) {
        Task leader = group.leader();
        return leader != null && (leader.signals().blocked & bit(signal)) != 0;
    }

    static boolean ignored(SignalActions actions, int signal) {
        long handler = actions.get(signal).handler();
        return handler == SignalActions.SIG_IGN || handler == SignalActions.SIG_DFL && (IGNORED_BY_DEFAULT & bit(signal)) != 0;
    }

    static boolean ignoredByDefault(int signal) {
        return (IGNORED_BY_DEFAULT & bit(signal)) != 0;
    }

    /** complete_signal: interrupts a thread that can take it. */
    private static void wake(ThreadGroup group, Task target, int signal) {
        if (target != null) {
            interruptIfWanted(target, signal);
            return;
        }
        Task leader = group.leader();
        if (leader != null && leader.alive() && interruptIfWanted(leader, signal)) {
            return;
        }
        for (Task task : group.tasks()) {
            if (interruptIfWanted(task, signal)) {
                return;
            }
        }
    }

    private static boolean interruptIfWanted(Task task, int signal) {
        SignalState state = task.signals();
        if ((state.blocked & ~state.awaited & bit(signal)) != 0) {
            return false;
        }
        task.setInterrupted(true);
        return true;
    }

    /** A fault of the task itself, which it can neither block nor ignore: force_sig_info. */
    public static void force(Task task, SignalInfo info) {
        synchronized (task.layer().processes()) {
            int signal = info.signal();
            SignalActions actions = task.group().actions();
            SignalState state = task.signals();
            boolean blocked = (state.blocked & bit(signal)) != 0;
            if (blocked || actions.get(signal).handler() == SignalActions.SIG_IGN) {
                actions.set(signal, Action.DEFAULT);
                state.blocked &= ~bit(signal);
            }
            state.pending().add(info);
            task.setInterrupted(true);
        }
    }

    /** The same with the default action for sure: force_fatal_sig. */
    public static void forceFatal(Task task, int signal) {
        synchronized (task.layer().processes()) {
            task.group().actions().set(signal, Action.DEFAULT);
            force(task, SignalInfo.kernel(signal));
        }
    }

    /** Whether one of these signals is pending for the task. */
    public static long pending(Task task) {
        return task.signals().pending().set() | task.group().pending().set();
    }

    /** Takes the next signal out of {@code wanted}; null if there is none. */
    static SignalInfo take(Task task, long wanted) {
        synchronized (task.layer().processes()) {
            SignalInfo info = task.signals().pending().remove(wanted);
            return info != null ? info : task.group().pending().remove(wanted);
        }
    }

    /** For signalfd: takes the next of these signals. */
    public static SignalInfo takePending(Task task, long wanted) {
        return take(task, wanted);
    }

    /** recalc_sigpending: to be called by the task after its mask or queues changed. */
    public static void recalculate(Task task) {
        synchronized (task.layer().processes()) {
            SignalState state = task.signals();
            boolean deliverable = (pending(task) & ~(state.blocked & ~state.awaited)) != 0;
            task.setInterrupted(deliverable || task.group().exiting() || task.mustDie() || task.group().stopRequested());
        }
    }

    /** Changes the mask of the calling task; what can't be blocked stays out of it. */
    public static void setBlocked(Task task, long mask) {
        synchronized (task.layer().processes()) {
            SignalState state = task.signals();
            long newlyBlocked = mask & ~state.blocked;
            state.blocked = mask & ~UNBLOCKABLE;
            if ((group(task) & newlyBlocked) != 0) {
                retarget(task, newlyBlocked);
            }
            recalculate(task);
        }
    }

    private static long group(Task task) {
        return task.group().pending().set();
    }

    /** Signals for the process that this thread now blocks, or that dies with it, go to others: retarget_shared_pending. */
    public static void retarget(Task leaving, long set) {
        synchronized (leaving.layer().processes()) {
            long pending = leaving.group().pending().set() & set;
            for (Task task : leaving.group().tasks()) {
                if (task != leaving && (pending & ~task.signals().blocked) != 0) {
                    task.setInterrupted(true);
                }
            }
        }
    }

    /** For pselect, ppoll, epoll_pwait: the mask while the call sleeps; the old one comes back with its end, or when a handler returns. */
    public static void setTemporaryMask(Task task, long mask) {
        synchronized (task.layer().processes()) {
            SignalState state = task.signals();
            state.savedMask = state.blocked;
            state.restoreMask = true;
            setBlocked(task, mask);
        }
    }

    /** The end of such a call. @param interrupted whether a signal ended it: then the mask stays until delivery, which takes care of the old one */
    public static void restoreMask(Task task, boolean interrupted) {
        SignalState state = task.signals();
        if (state.restoreMask && !interrupted) {
            state.restoreMask = false;
            setBlocked(task, state.savedMask);
        }
    }
}
