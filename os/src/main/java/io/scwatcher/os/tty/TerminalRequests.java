package io.scwatcher.os.tty;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Session;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.task.ThreadGroup;

/** ioctl(2) on terminals, either side: ioctl_tty(2) (drivers/tty/tty_io.c, tty_ioctl.c, tty_jobctrl.c, pty.c; 6.12). */
final class TerminalRequests {
    private static final int TCGETS = 0x5401, TCSETS = 0x5402, TCSETSW = 0x5403, TCSETSF = 0x5404, TCSBRK = 0x5409, TCXONC = 0x540a, TCFLSH = 0x540b, TIOCEXCL = 0x540c, TIOCNXCL = 0x540d,
            TIOCSCTTY = 0x540e, TIOCGPGRP = 0x540f, TIOCSPGRP = 0x5410, TIOCOUTQ = 0x5411, TIOCSTI = 0x5412, TIOCGWINSZ = 0x5413, TIOCSWINSZ = 0x5414, FIONREAD = 0x541b,
            TIOCNOTTY = 0x5422, TIOCSETD = 0x5423, TIOCGETD = 0x5424, TCSBRKP = 0x5425, TIOCSBRK = 0x5427, TIOCCBRK = 0x5428, TIOCGSID = 0x5429, TIOCVHANGUP = 0x5437,
            TCGETS2 = 0x802c542a, TCSETS2 = 0x402c542b, TCSETSW2 = 0x402c542c, TCSETSF2 = 0x402c542d, TIOCGPTN = 0x80045430, TIOCSPTLCK = 0x40045431, TIOCGDEV = 0x80045432,
            TIOCGPTLCK = 0x80045439, TIOCGEXCL = 0x80045440, TIOCGPTPEER = 0x5441;

    private TerminalRequests() {}

    /** @param master whether the program has the master side */
    static long ioctl(Task task, Terminal terminal, boolean master, int request, long argument) {
        UserMemory memory = task.memory();
        if (!master && terminal.hungUp()) {
            return -Errno.EIO;
        }
        switch (request) {
            case TCGETS -> memory.copyOut(argument, terminal.termios().encode(Termios.SIZE));
            case TCGETS2 -> memory.copyOut(argument, terminal.termios().encode(Termios.SIZE2));
            case TCSETS, TCSETSW, TCSETSF, TCSETS2, TCSETSW2, TCSETSF2 -> {
                return setAttributes(task, terminal, master, request, argument);
            }
            case TCSBRK, TCSBRKP, TIOCSBRK, TIOCCBRK -> {
                return JobControl.check(task, terminal, master);
            }
            case TCXONC -> {
                return flow(task, terminal, master, (int) argument);
            }
            case TCFLSH -> {
                if (argument < 0 || argument > 2) {
                    return -Errno.EINVAL;
                }
                int error = JobControl.check(task, terminal, master);
                if (error != 0) {
                    return error;
                }
                terminal.flush(argument != (master ? 0 : 1), argument != (master ? 1 : 0));
            }
            case TIOCEXCL, TIOCNXCL -> terminal.exclusive(request == TIOCEXCL);
            case TIOCGEXCL -> memory.put32(argument, terminal.exclusive() ? 1 : 0);
            case TIOCGWINSZ -> memory.copyOut(argument, terminal.windowSize());
            case TIOCSWINSZ -> terminal.windowSize(memory.copyIn(argument, 8));
            case FIONREAD -> memory.put32(argument, master ? terminal.waitingForMaster() : terminal.waitingForSlave());
            case TIOCOUTQ -> memory.put32(argument, master ? 0 : terminal.waitingForMaster());
            case TIOCGETD -> memory.put32(argument, 0);
            case TIOCSETD -> {
                return memory.get32(argument) == 0 ? 0 : -Errno.EINVAL;
            }
            case TIOCSTI -> {
                return simulateInput(task, terminal, argument);
            }
            case TIOCVHANGUP -> {
                return -Errno.EPERM;
            }
            case TIOCGDEV -> memory.put32(argument, (int) terminal.device());
            case TIOCSCTTY -> {
                return master ? -Errno.EIO : JobControl.acquire(task, terminal, (int) argument);
            }
            case TIOCNOTTY -> {
                return JobControl.release(task, terminal);
            }
            case TIOCGPGRP, TIOCGSID -> {
                Session session = terminal.session();
                if (!master && (session == null || session != task.group().session()) || session == null && request == TIOCGSID) {
                    return -Errno.ENOTTY;
                }
                memory.put32(argument, request == TIOCGPGRP ? terminal.foregroundGroup() : session.id());
            }
            case TIOCSPGRP -> {
                return JobControl.setForeground(task, terminal, master, memory.get32(argument));
            }
            default -> {
                return master ? masterOnly(task, terminal, request, argument) : -Errno.ENOTTY;
            }
        }
        return 0;
    }

    private static long masterOnly(Task task, Terminal terminal, int request, long argument) {
        switch (request) {
            case TIOCGPTN -> task.memory().put32(argument, terminal.number());
            case TIOCSPTLCK -> terminal.locked(task.memory().get32(argument) != 0);
            case TIOCGPTLCK -> task.memory().put32(argument, terminal.locked() ? 1 : 0);
            case TIOCGPTPEER -> {
                int flags = (int) argument;
                return task.files().install(task.layer().terminals().openSlave(task, terminal, null, flags), (flags & io.scwatcher.os.fs.OpenFlags.O_CLOEXEC) != 0);
            }
            default -> {
                return -Errno.ENOTTY;
            }
        }
        return 0;
    }

    private static long setAttributes(Task task, Terminal terminal, boolean master, int request, long argument) {
        int error = JobControl.check(task, terminal, master);
        if (error != 0) {
            return error;
        }
        boolean two = request == TCSETS2 || request == TCSETSW2 || request == TCSETSF2;
        byte[] raw = task.memory().copyIn(argument, two ? Termios.SIZE2 : Termios.SIZE);
        terminal.termios(terminal.termios().changed(raw), request == TCSETSF || request == TCSETSF2);
        return 0;
    }

    /** tcflow(3): TCOOFF 0, TCOON 1; TCIOFF 2 and TCION 3 send the stop or start character, which nobody needs here. */
    private static long flow(Task task, Terminal terminal, boolean master, int action) {
        if (action < 0 || action > 3) {
            return -Errno.EINVAL;
        }
        int error = JobControl.check(task, terminal, master);
        if (error == 0 && action <= 1) {
            terminal.hold(action == 0);
        }
        return error;
    }

    private static long simulateInput(Task task, Terminal terminal, long argument) {
        ThreadGroup group = task.group();
        if (group.session().terminal() != terminal && !task.credentials().has(Credentials.CAP_SYS_ADMIN)) {
            return -Errno.EPERM;
        }
        terminal.type(task.memory().copyIn(argument, 1), 0, 1);
        return 0;
    }
}
