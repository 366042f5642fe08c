package io.scwatcher.os.signal;

import static io.scwatcher.os.abi.Errno.EINTR;
import static io.scwatcher.os.abi.Errno.ERESTARTNOHAND;
import static io.scwatcher.os.abi.Errno.ERESTARTNOINTR;
import static io.scwatcher.os.abi.Errno.ERESTARTSYS;
import static io.scwatcher.os.abi.Errno.ERESTART_RESTARTBLOCK;
import static io.scwatcher.os.abi.Signal.SIGSEGV;
import static io.scwatcher.os.abi.Signal.SIGSTOP;
import static io.scwatcher.os.abi.Signal.bit;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.os.signal.SignalActions.Action;
import io.scwatcher.os.task.GroupExit;
import io.scwatcher.os.task.GroupStop;
import io.scwatcher.os.task.Task;

/** What happens on the way back to the program: arch_do_signal_or_restart of arch/x86/kernel/signal.c and get_signal of kernel/signal.c (6.12). */
public final class SignalDelivery {
    private static final int RAX = 0;
    private static final int RESTART_SYSCALL = 219;

    private SignalDelivery() {}

    /** Handles pending signals, stops and death. Afterwards the task runs on, in a handler perhaps, or {@link Task#exits}. */
    public static void deliver(Task task) {
        while (!task.exits()) {
            SignalInfo info = next(task);
            if (info == null) {
                break;
            }
            Action action;
            synchronized (task.layer().processes()) {
                action = task.group().actions().get(info.signal());
                if (action.is(SignalActions.SA_RESETHAND) && action.handler() > SignalActions.SIG_IGN) {
                    task.group().actions().set(info.signal(), Action.DEFAULT);
                }
            }
            handle(task, info, action);
        }
        if (!task.exits()) {
            restartWithoutHandler(task);
            Signals.restoreMask(task, false);
            Signals.recalculate(task);
        }
    }

    /** The next signal that has a handler, after the default actions of those before it; null if there is none. */
    private static SignalInfo next(Task task) {
        while (true) {
            if (task.group().exiting() || task.mustDie()) {
                task.exitThread(0);
                return null;
            }
            if (task.group().stopRequested()) {
                GroupStop.await(task);
                continue;
            }
            SignalInfo info = Signals.take(task, ~task.signals().blocked);
            if (info == null) {
                return null;
            }
            int signal = info.signal();
            long handler = task.group().actions().get(signal).handler();
            if (handler == SignalActions.SIG_IGN) {
                continue;
            }
            if (task.layer().trace() != null) {
                task.layer().trace().signal(task, info);
            }
            if (handler != SignalActions.SIG_DFL) {
                return info;
            }
            if (Signals.ignoredByDefault(signal)) {
                continue;
            }
            if ((Signals.STOP_SET & bit(signal)) != 0) {
                if (signal == SIGSTOP || !GroupStop.orphaned(task.group())) {
                    GroupStop.request(task.group(), signal);
                }
                continue;
            }
            GroupExit.begin(task.group(), signal);
        }
    }

    private static void handle(Task task, SignalInfo info, Action action) {
        Cpu cpu = task.cpu();
        if (task.inSystemCall()) {
            switch ((int) -cpu.gpr[RAX]) {
                case ERESTART_RESTARTBLOCK, ERESTARTNOHAND -> cpu.gpr[RAX] = -EINTR;
                case ERESTARTSYS -> {
                    if (action.is(SignalActions.SA_RESTART)) {
                        again(task, task.systemCallNumber());
                    } else {
                        cpu.gpr[RAX] = -EINTR;
                    }
                }
                case ERESTARTNOINTR -> again(task, task.systemCallNumber());
                default -> { }
            }
            task.leaveSystemCall();
        }
        SignalState state = task.signals();
        long mask = state.restoreMask ? state.savedMask : state.blocked;
        state.restoreMask = false;
        if (!SignalFrame.push(task, info, action, mask)) {
            if (info.signal() == SIGSEGV) {
                Signals.forceFatal(task, SIGSEGV);
            } else {
                Signals.force(task, SignalInfo.kernel(SIGSEGV));
            }
            return;
        }
        Signals.setBlocked(task, state.blocked | action.mask() | (action.is(SignalActions.SA_NODEFER) ? 0 : bit(info.signal())));
    }

    private static void restartWithoutHandler(Task task) {
        if (!task.inSystemCall()) {
            return;
        }
        switch ((int) -task.cpu().gpr[RAX]) {
            case ERESTARTNOHAND, ERESTARTSYS, ERESTARTNOINTR -> again(task, task.systemCallNumber());
            case ERESTART_RESTARTBLOCK -> again(task, RESTART_SYSCALL);
            default -> { }
        }
        task.leaveSystemCall();
    }

    /** The SYSCALL instruction is two bytes long. */
    private static void again(Task task, long number) {
        task.cpu().gpr[RAX] = number;
        task.cpu().rip -= 2;
    }
}
