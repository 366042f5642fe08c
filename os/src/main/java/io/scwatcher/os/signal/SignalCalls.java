package io.scwatcher.os.signal;

import static io.scwatcher.os.abi.Errno.EAGAIN;
import static io.scwatcher.os.abi.Errno.EBADF;
import static io.scwatcher.os.abi.Errno.EINTR;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ERESTARTNOHAND;
import static io.scwatcher.os.abi.Errno.ESRCH;
import static io.scwatcher.os.abi.Signal.SIGCONT;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.signal.SignalActions.Action;
import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.PidDescription;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.task.ThreadGroup;
import io.scwatcher.os.time.TimeSpec;
import io.scwatcher.os.view.SystemView.ProcessView;
import io.scwatcher.os.wait.WaitQueue;
import io.scwatcher.os.wait.Wakeup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** rt_sigaction(2), kill(2) and the other calls about signals. */
public final class SignalCalls {
    private static final int SET_SIZE = 8;
    private static final long KNOWN_FLAGS = 0xdc000807L;
    private static final Argument HOW = oneOf("SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK");

    private SignalCalls() {}

    /** Bytes of the largest signal frame: AT_MINSIGSTKSZ. */
    public static int minimumStackSize() {
        return SignalFrame.maximumSize();
    }

    public static void register(SystemCallTable.Builder table) {
        table.call(13, "rt_sigaction", args(SIGNAL, POINTER, POINTER, SIZE), FULL, SignalCalls::action);
        table.call(14, "rt_sigprocmask", args(HOW, SIGNAL_SET, POINTER, SIZE), FULL, SignalCalls::mask);
        table.call(15, "rt_sigreturn", args(), FULL, (task, _, _, _, _, _, _) -> {
            task.leaveSystemCall();
            return SignalFrame.pop(task);
        });
        table.call(34, "pause", args(), FULL, (task, _, _, _, _, _, _) -> {
            task.block(new WaitQueue(), Task.NEVER, () -> false);
            return -ERESTARTNOHAND;
        });
        table.call(62, "kill", args(INT, SIGNAL), FULL, (task, pid, signal, _, _, _, _) -> kill(task, (int) pid, (int) signal));
        table.call(127, "rt_sigpending", args(POINTER, SIZE), FULL, (task, address, size, _, _, _, _) -> {
            if (Long.compareUnsigned(size, SET_SIZE) > 0) {
                return -EINVAL;
            }
            byte[] set = new byte[8];
            ByteBuffer.wrap(set).order(ByteOrder.LITTLE_ENDIAN).putLong(Signals.pending(task) & task.signals().blocked);
            task.memory().copyOut(address, set, 0, (int) size);
            return 0;
        });
        table.call(128, "rt_sigtimedwait", args(SIGNAL_SET, POINTER, TIMESPEC, SIZE), FULL, SignalCalls::timedWait);
        table.call(129, "rt_sigqueueinfo", args(INT, SIGNAL, POINTER), FULL, (task, pid, signal, info, _, _, _) ->
                queue(task, (int) pid, 0, (int) signal, info));
        table.call(130, "rt_sigsuspend", args(SIGNAL_SET, SIZE), FULL, (task, set, size, _, _, _, _) -> {
            if (size != SET_SIZE) {
                return -EINVAL;
            }
            Signals.setTemporaryMask(task, task.memory().get64(set) & ~Signals.UNBLOCKABLE);
            task.block(new WaitQueue(), Task.NEVER, () -> false);
            return -ERESTARTNOHAND;
        });
        table.call(131, "sigaltstack", args(POINTER, POINTER), FULL, SignalCalls::alternateStack);
        table.call(200, "tkill", args(INT, SIGNAL), FULL, (task, tid, signal, _, _, _, _) -> threadKill(task, 0, (int) tid, (int) signal));
        table.call(234, "tgkill", args(INT, INT, SIGNAL), FULL, (task, tgid, tid, signal, _, _, _) ->
                (int) tgid <= 0 ? -EINVAL : threadKill(task, (int) tgid, (int) tid, (int) signal));
        table.call(297, "rt_tgsigqueueinfo", args(INT, INT, SIGNAL, POINTER), FULL, (task, tgid, tid, signal, info, _, _) ->
                (int) tgid <= 0 || (int) tid <= 0 ? -EINVAL : queue(task, (int) tgid, (int) tid, (int) signal, info));
        table.call(424, "pidfd_send_signal", args(FD, SIGNAL, POINTER, HEX), FULL, (task, fd, signal, info, flags, _, _) -> {
            if (flags != 0) {
                return -EINVAL;
            }
            if (!(task.files().get((int) fd) instanceof PidDescription pid)) {
                return -EBADF;
            }
            return info == 0 ? kill(task, pid.group().id(), (int) signal) : queue(task, pid.group().id(), 0, (int) signal, info);
        });
    }

    private static long action(Task task, long number, long newAddress, long oldAddress, long size, long e, long f) {
        int signal = (int) number;
        UserMemory memory = task.memory();
        if (size != SET_SIZE) {
            return -EINVAL;
        }
        Action made = null;
        if (newAddress != 0) {
            long[] words = new long[4];
            for (int i = 0; i < 4; i++) {
                words[i] = memory.get64(newAddress + 8 * i);
            }
            made = new Action(words[0], words[1] & KNOWN_FLAGS, words[2], words[3] & ~Signals.UNBLOCKABLE);
        }
        if (!Signal.valid(signal) || made != null && (Signals.UNBLOCKABLE & Signal.bit(signal)) != 0) {
            return -EINVAL;
        }
        Action old;
        synchronized (task.layer().processes()) {
            SignalActions actions = task.group().actions();
            old = actions.get(signal);
            if (made != null) {
                actions.set(signal, made);
                if (Signals.ignored(actions, signal)) {
                    // what is pending and ignored now is gone: do_sigaction
                    task.group().pending().flush(Signal.bit(signal));
                    task.group().tasks().forEach(thread -> thread.signals().pending().flush(Signal.bit(signal)));
                    Signals.recalculate(task);
                }
            }
        }
        if (oldAddress != 0) {
            memory.put64(oldAddress, old.handler());
            memory.put64(oldAddress + 8, old.flags());
            memory.put64(oldAddress + 16, old.restorer());
            memory.put64(oldAddress + 24, old.mask());
        }
        return 0;
    }

    private static long mask(Task task, long how, long newAddress, long oldAddress, long size, long e, long f) {
        if (size != SET_SIZE) {
            return -EINVAL;
        }
        long old = task.signals().blocked;
        if (newAddress != 0) {
            long set = task.memory().get64(newAddress) & ~Signals.UNBLOCKABLE;
            long mask = switch ((int) how) {
                case 0 -> old | set;
                case 1 -> old & ~set;
                case 2 -> set;
                default -> throw SystemCallException.of(EINVAL);
            };
            if (mask != old) {
                Signals.setBlocked(task, mask);
            }
        }
        if (oldAddress != 0) {
            task.memory().put64(oldAddress, old);
        }
        return 0;
    }

    private static long timedWait(Task task, long setAddress, long infoAddress, long timeout, long size, long e, long f) {
        if (size != SET_SIZE) {
            return -EINVAL;
        }
        long set = task.memory().get64(setAddress) & ~Signals.UNBLOCKABLE;
        long deadline = timeout == 0 ? Task.NEVER : TimeSpec.after(TimeSpec.read(task.memory(), timeout));
        SignalInfo info = Signals.take(task, set);
        boolean timedOut = false;
        if (info == null && (timeout == 0 || deadline > System.nanoTime())) {
            SignalState state = task.signals();
            synchronized (task.layer().processes()) {
                state.awaited = set & state.blocked;
                Signals.recalculate(task);
            }
            timedOut = task.block(new WaitQueue(), deadline, () -> (Signals.pending(task) & set) != 0) == Wakeup.TIMED_OUT;
            info = Signals.take(task, set);
            synchronized (task.layer().processes()) {
                state.awaited = 0;
                Signals.recalculate(task);
            }
        } else if (info == null) {
            timedOut = true;
        }
        if (info == null) {
            return timedOut ? -EAGAIN : -EINTR;
        }
        Signals.recalculate(task);
        if (infoAddress != 0) {
            task.memory().copyOut(infoAddress, info.encode());
        }
        return info.signal();
    }

    private static long alternateStack(Task task, long newAddress, long oldAddress, long c, long d, long e, long f) {
        SignalState state = task.signals();
        long pointer = task.cpu().gpr[4];
        long base = state.stackBase;
        long size = state.stackSize;
        int flags = SignalStack.reportedFlags(state, pointer);
        UserMemory memory = task.memory();
        if (newAddress != 0) {
            int error = SignalStack.set(state, memory.get64(newAddress), memory.get32(newAddress + 8), memory.get64(newAddress + 16), pointer);
            if (error != 0) {
                return error;
            }
        }
        if (oldAddress != 0) {
            memory.put64(oldAddress, base);
            memory.put32(oldAddress + 8, flags);
            memory.put32(oldAddress + 12, 0);
            memory.put64(oldAddress + 16, size);
        }
        return 0;
    }

    /** kill(2). Processes of the system behind the view can be asked for, not killed. */
    private static long kill(Task task, int pid, int signal) {
        if (signal < 0 || signal > Signal.LAST) {
            return -EINVAL;
        }
        if (pid > 0) {
            ThreadGroup group = groupOf(task, pid);
            return group == null ? outside(task, pid, signal) : sendTo(task, group, signal, SignalInfo.SI_USER);
        }
        if (pid == Integer.MIN_VALUE) {
            return -ESRCH;
        }
        int processGroup = pid == 0 ? task.group().processGroup() : -pid;
        List<ThreadGroup> targets = pid == -1 ? task.layer().processes().groupsOf(task.group().run()) : task.layer().processes().processGroup(processGroup);
        long result = -ESRCH;
        boolean sent = false;
        for (ThreadGroup group : targets) {
            if (pid == -1 && group == task.group()) {
                continue;
            }
            long one = sendTo(task, group, signal, SignalInfo.SI_USER);
            sent |= one == 0;
            result = one;
        }
        return sent ? 0 : result;
    }

    /** The process that an ID means: kill(2) takes a thread's as well. */
    private static ThreadGroup groupOf(Task task, int pid) {
        Task found = task.layer().processes().task(pid);
        return found == null ? null : found.group();
    }

    /** A process of the watched system: it is there or not, and nobody may touch it. */
    private static long outside(Task task, int pid, int signal) {
        ProcessView process = task.layer().view().process(pid);
        if (process == null) {
            return -ESRCH;
        }
        Credentials who = task.credentials();
        boolean allowed = who.has(Credentials.CAP_KILL) || may(who, process.realUser(), process.savedUser());
        return allowed && signal == 0 ? 0 : -EPERM;
    }

    private static boolean may(Credentials sender, int uid, int suid) {
        return sender.euid() == suid || sender.euid() == uid || sender.uid() == suid || sender.uid() == uid;
    }

    /** check_kill_permission. */
    private static boolean mayKill(Task task, ThreadGroup group, int signal) {
        Credentials target = group.leader().credentials();
        return group == task.group() || task.credentials().has(Credentials.CAP_KILL) || may(task.credentials(), target.uid(), target.suid())
                || signal == SIGCONT && group.session() == task.group().session();
    }

    private static long sendTo(Task task, ThreadGroup group, int signal, int code) {
        if (!mayKill(task, group, signal)) {
            return -EPERM;
        }
        if (signal != 0) {
            Signals.toGroup(group, SignalInfo.user(signal, code, task.group().id(), task.credentials().uid()));
        }
        return 0;
    }

    private static long threadKill(Task task, int tgid, int tid, int signal) {
        if (tid <= 0 || signal < 0 || signal > Signal.LAST) {
            return -EINVAL;
        }
        Task target = task.layer().processes().task(tid);
        if (target == null || tgid != 0 && target.group().id() != tgid) {
            return target == null && !task.layer().processes().owns(tid) ? outside(task, tid, signal) : -ESRCH;
        }
        if (!mayKill(task, target.group(), signal)) {
            return -EPERM;
        }
        if (signal != 0) {
            Signals.toTask(target, SignalInfo.user(signal, SignalInfo.SI_TKILL, task.group().id(), task.credentials().uid()));
        }
        return 0;
    }

    /** @param tid 0 for a process */
    private static long queue(Task task, int pid, int tid, int signal, long address) {
        SignalInfo info = SignalInfo.decode(signal, task.memory().copyIn(address, SignalInfo.SIZE));
        if ((info.code() >= 0 || info.code() == SignalInfo.SI_TKILL) && pid != task.group().id()) {
            return -EPERM;
        }
        if (signal < 0 || signal > Signal.LAST) {
            return -EINVAL;
        }
        Task target = task.layer().processes().task(tid == 0 ? pid : tid);
        if (target == null || tid != 0 && target.group().id() != pid) {
            return target == null && task.layer().view().process(pid) != null ? -EPERM : -ESRCH;
        }
        if (!mayKill(task, target.group(), signal)) {
            return -EPERM;
        }
        if (signal == 0) {
            return 0;
        }
        return (tid == 0 ? Signals.toGroup(target.group(), info) : Signals.toTask(target, info)) ? 0 : -EAGAIN;
    }
}
