package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.EAGAIN;
import static io.scwatcher.os.abi.Errno.ECHILD;
import static io.scwatcher.os.abi.Errno.ERESTARTSYS;
import static io.scwatcher.os.abi.Signal.SIGCHLD;
import static io.scwatcher.os.abi.Signal.SIGCONT;

import io.scwatcher.os.signal.SignalInfo;
import io.scwatcher.os.wait.Wakeup;

/** Waiting for children: do_wait of kernel/exit.c (6.12). One object for one call. */
final class Waiting {
    static final int WNOHANG = 1, WUNTRACED = 2, WEXITED = 4, WCONTINUED = 8, WNOWAIT = 0x01000000, WNOTHREAD = 0x20000000, WALL = 0x40000000,
            WCLONE = 0x80000000;

    /** Which children: all, one process, a process group. */
    enum Which { ALL, PROCESS, GROUP }

    private final Task task;
    private final Which which;
    private final int id;
    private final int options;

    /** What was found: the child, its wait status and the CLD code; 0 if there was nothing to report. */
    int pid;
    int status;
    int code;
    int uid;
    long user, system, pages;

    Waiting(Task task, Which which, int id, int options) {
        this.task = task;
        this.which = which;
        this.id = id;
        this.options = options;
    }

    /** @return 0, with {@link #pid} 0 if WNOHANG found nothing; or a negated error number */
    int run() {
        int first = look();
        if (first != -EAGAIN) {
            return first;
        }
        if ((options & WNOHANG) != 0) {
            return 0;
        }
        int[] result = {-EAGAIN};
        Wakeup end = task.block(task.group().childWait(), Task.NEVER, () -> result[0] != -EAGAIN || (result[0] = look()) != -EAGAIN);
        return end == Wakeup.READY ? result[0] : -ERESTARTSYS;
    }

    private int look() {
        Processes processes = task.layer().processes();
        synchronized (processes) {
            boolean any = false;
            for (ThreadGroup child : task.group().children) {
                if (!eligible(child)) {
                    continue;
                }
                any = true;
                if (child.zombie) {
                    if ((options & WEXITED) != 0) {
                        exited(processes, child);
                        return 0;
                    }
                } else if (child.stopUnreported && child.stopped && (options & WUNTRACED) != 0) {
                    found(child, child.stopSignal << 8 | 0x7f, SignalInfo.CLD_STOPPED);
                    child.stopUnreported = (options & WNOWAIT) != 0;
                    return 0;
                } else if (child.continueUnreported && (options & WCONTINUED) != 0) {
                    found(child, 0xffff, SignalInfo.CLD_CONTINUED);
                    child.continueUnreported = (options & WNOWAIT) != 0;
                    return 0;
                }
            }
            return any ? -EAGAIN : -ECHILD;
        }
    }

    private boolean eligible(ThreadGroup child) {
        boolean kind = (options & WALL) != 0 || (child.exitSignal != SIGCHLD) == ((options & WCLONE) != 0);
        return kind && switch (which) {
            case ALL -> true;
            case PROCESS -> child.id() == id;
            case GROUP -> child.processGroup == id;
        };
    }

    private void exited(Processes processes, ThreadGroup child) {
        int killer = child.status & 0x7f;
        found(child, child.status, killer == 0 ? SignalInfo.CLD_EXITED : (child.status & 0x80) != 0 ? SignalInfo.CLD_DUMPED : SignalInfo.CLD_KILLED);
        if ((options & WNOWAIT) == 0) {
            ThreadGroup parent = task.group();
            parent.childrenUser += child.deadUser + child.childrenUser;
            parent.childrenSystem += child.deadSystem + child.childrenSystem;
            parent.childrenPeakPages = Math.max(parent.childrenPeakPages, Math.max(child.peakPages, child.childrenPeakPages));
            TaskExit.reap(processes, child);
        }
    }

    private void found(ThreadGroup child, int waitStatus, int cldCode) {
        pid = child.id();
        status = waitStatus;
        code = cldCode;
        uid = child.userId();
        user = child.userNanos() + child.childrenUser;
        system = child.systemNanos() + child.childrenSystem;
        pages = Math.max(child.peakPages, child.childrenPeakPages);
    }

    /** {@code si_status}. */
    int detail() {
        return switch (code) {
            case SignalInfo.CLD_EXITED, SignalInfo.CLD_STOPPED -> status >> 8 & 0xff;
            case SignalInfo.CLD_CONTINUED -> SIGCONT;
            default -> status & 0x7f;
        };
    }
}
