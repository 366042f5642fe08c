package io.scwatcher.os.tty;

import static io.scwatcher.os.abi.Signal.SIGTTIN;
import static io.scwatcher.os.abi.Signal.SIGTTOU;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.signal.SignalActions;
import io.scwatcher.os.signal.SignalInfo;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.GroupStop;
import io.scwatcher.os.task.Processes;
import io.scwatcher.os.task.Session;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.task.ThreadGroup;

/** Who may use a terminal, and whose it is: job control of drivers/tty/tty_jobctrl.c (6.12). */
final class JobControl {
    private JobControl() {}

    /** Before a program changes its terminal: a background process is stopped by SIGTTOU. @return 0, {@code -EIO} or {@code -ERESTARTSYS} */
    static int check(Task task, Terminal terminal, boolean master) {
        return master ? 0 : check(task, terminal, SIGTTOU);
    }

    /** Before a program reads. */
    static int checkRead(Task task, Terminal terminal) {
        return check(task, terminal, SIGTTIN);
    }

    /** Before a program writes, which matters only with TOSTOP. */
    static int checkWrite(Task task, Terminal terminal) {
        return terminal.termios().local(Termios.TOSTOP) ? check(task, terminal, SIGTTOU) : 0;
    }

    private static int check(Task task, Terminal terminal, int signal) {
        ThreadGroup group = task.group();
        int foreground = terminal.foregroundGroup();
        if (group.session().terminal() != terminal || foreground == 0 || foreground == group.processGroup()) {
            return 0;
        }
        boolean ignored = (task.signals().blocked() & Signal.bit(signal)) != 0 || group.actions().get(signal).handler() == SignalActions.SIG_IGN;
        if (ignored) {
            return signal == SIGTTIN ? -Errno.EIO : 0;
        }
        if (GroupStop.orphaned(group)) {
            return -Errno.EIO;
        }
        Signals.toProcessGroup(task.layer(), group.processGroup(), SignalInfo.kernel(signal));
        return -Errno.ERESTARTSYS;
    }

    /** TIOCSCTTY. @param steal 1 lets root take it from another session */
    static int acquire(Task task, Terminal terminal, int steal) {
        Processes processes = task.layer().processes();
        synchronized (processes) {
            ThreadGroup group = task.group();
            Session own = group.session();
            if (own.id() == group.id() && own.terminal() == terminal) {
                return 0;
            }
            if (own.id() != group.id() || own.terminal() != null) {
                return -Errno.EPERM;
            }
            Session other = terminal.session();
            if (other != null) {
                if (steal != 1 || !task.credentials().has(Credentials.CAP_SYS_ADMIN)) {
                    return -Errno.EPERM;
                }
                other.setTerminal(null);
            }
            terminal.control(group);
        }
        return 0;
    }

    /** open(2) of a terminal by a session leader without one. */
    static void acquireByOpening(Task task, Terminal terminal) {
        synchronized (task.layer().processes()) {
            ThreadGroup group = task.group();
            if (group.session().id() == group.id() && group.session().terminal() == null && terminal.session() == null) {
                terminal.control(group);
            }
        }
    }

    /** TIOCNOTTY. */
    static int release(Task task, Terminal terminal) {
        ThreadGroup group = task.group();
        if (group.session().terminal() != terminal) {
            return -Errno.ENOTTY;
        }
        if (group.session().id() == group.id()) {
            terminal.giveUp();
        }
        return 0;
    }

    /** TIOCSPGRP. */
    static int setForeground(Task task, Terminal terminal, boolean master, int wanted) {
        int error = check(task, terminal, master);
        if (error != 0) {
            return error == -Errno.EIO ? -Errno.ENOTTY : error;
        }
        Processes processes = task.layer().processes();
        synchronized (processes) {
            Session session = task.group().session();
            if (terminal.session() == null || session.terminal() != terminal && !master || terminal.session() != session) {
                return -Errno.ENOTTY;
            }
            if (wanted < 0) {
                return -Errno.EINVAL;
            }
            var members = processes.processGroup(wanted);
            if (members.isEmpty()) {
                return task.layer().view().process(wanted) == null ? -Errno.ESRCH : -Errno.EPERM;
            }
            if (members.getFirst().session() != session) {
                return -Errno.EPERM;
            }
            terminal.foregroundGroup(wanted);
        }
        return 0;
    }
}
