package io.scwatcher.os.signal;

import io.scwatcher.os.abi.Signal;
import java.util.Arrays;

/** What is to be done on each signal: struct sighand_struct. Shared by CLONE_SIGHAND. With the lock of the process table held. */
public final class SignalActions {
    public static final long SIG_DFL = 0, SIG_IGN = 1;
    public static final long SA_NOCLDSTOP = 1, SA_NOCLDWAIT = 2, SA_SIGINFO = 4, SA_RESTORER = 0x04000000, SA_ONSTACK = 0x08000000, SA_RESTART = 0x10000000,
            SA_NODEFER = 0x40000000, SA_RESETHAND = 0x80000000L;

    /** struct kernel_sigaction: addresses of handler and restorer, flags, and the set of signals blocked meanwhile. */
    public record Action(long handler, long flags, long restorer, long mask) {
        static final Action DEFAULT = new Action(SIG_DFL, 0, 0, 0);

        public boolean is(long flag) {
            return (flags & flag) != 0;
        }
    }

    private final Action[] actions = new Action[Signal.LAST + 1];

    public SignalActions() {
        Arrays.fill(actions, Action.DEFAULT);
    }

    /** What fork(2) does without CLONE_SIGHAND. */
    public SignalActions copy() {
        SignalActions copy = new SignalActions();
        System.arraycopy(actions, 0, copy.actions, 0, actions.length);
        return copy;
    }

    public Action get(int signal) {
        return actions[signal];
    }

    public void set(int signal, Action action) {
        actions[signal] = action;
    }

    /** What execve(2) and CLONE_CLEAR_SIGHAND do: handlers cannot survive, ignoring does. flush_signal_handlers. */
    public void resetHandlers() {
        for (int i = 1; i < actions.length; i++) {
            actions[i] = actions[i].handler == SIG_IGN ? new Action(SIG_IGN, 0, 0, 0) : Action.DEFAULT;
        }
    }
}
