package io.scwatcher.os.tty;

import io.scwatcher.os.Layer;
import io.scwatcher.os.StandardStreams;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Devices;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.ControllingTerminal;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.task.ThreadGroup;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntPredicate;

/** The terminals of a layer, and the devices that lead to them. Safe for several threads. */
public final class Terminals {
    private static final int TTY_AUX = 5, TTY = 0, PTMX = 2;
    /** kernel.pty.max. */
    private static final int MAXIMUM = 4096;

    /** Where the layer's numbers begin when the system has terminals of its own. */
    private static final int BESIDE = 1000;

    private final Layer layer;
    private volatile int first;
    private volatile IntPredicate taken = _ -> false;
    private final ConcurrentSkipListMap<Integer, Terminal> byNumber = new ConcurrentSkipListMap<>();

    public Terminals(Layer layer) {
        this.layer = layer;
    }

    /** Adds /dev/tty, /dev/ptmx and the slave sides to the devices of a layer. */
    public static void register(Devices devices) {
        devices.register(TTY_AUX, TTY, (task, _, at, flags) -> task.layer().terminals().openOwn(task, at, flags));
        devices.register(TTY_AUX, PTMX, (task, _, at, flags) -> task.layer().terminals().openMaster(task, at, flags));
        devices.register(Terminal.SLAVE_MAJOR, (task, minor, at, flags) -> task.layer().terminals().openSlave(task, minor, at, flags));
    }

    /** The system has terminals too. @param taken whether one of them has that number now */
    void beside(IntPredicate taken) {
        this.taken = taken;
        first = BESIDE;
    }

    List<Terminal> all() {
        return List.copyOf(byNumber.values());
    }

    Terminal find(int number) {
        return byNumber.get(number);
    }

    void remove(Terminal terminal) {
        byNumber.remove(terminal.number(), terminal);
    }

    /** @throws SystemCallException ENOSPC */
    private Terminal create(Credentials owner) {
        for (int number = first; number < MAXIMUM; number++) {
            if (taken.test(number)) {
                continue;
            }
            Terminal terminal = new Terminal(layer, this, number, owner.fsuid(), owner.fsgid());
            if (byNumber.putIfAbsent(number, terminal) == null) {
                return terminal;
            }
        }
        throw SystemCallException.of(Errno.ENOSPC);
    }

    FileDescription openMaster(Task task, Location at, int flags) {
        return new MasterDescription(create(task.credentials()), at, flags);
    }

    FileDescription openSlave(Task task, int number, Location at, int flags) {
        Terminal terminal = find(number);
        if (terminal == null) {
            throw SystemCallException.of(Errno.EIO);
        }
        return openSlave(task, terminal, at, flags);
    }

    FileDescription openSlave(Task task, Terminal terminal, Location at, int flags) {
        if (terminal.locked() || terminal.hungUp()) {
            throw SystemCallException.of(Errno.EIO);
        }
        if (terminal.exclusive() && !task.credentials().has(Credentials.CAP_SYS_ADMIN)) {
            throw SystemCallException.of(Errno.EBUSY);
        }
        SlaveDescription slave = new SlaveDescription(terminal, at, flags);
        if ((flags & OpenFlags.O_NOCTTY) == 0 && (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_WRONLY) {
            JobControl.acquireByOpening(task, terminal);
        }
        return slave;
    }

    /** /dev/tty. */
    private FileDescription openOwn(Task task, Location at, int flags) {
        ControllingTerminal own = task.group().session().terminal();
        if (!(own instanceof Terminal terminal) || terminal.hungUp()) {
            throw SystemCallException.of(Errno.ENXIO);
        }
        return new SlaveDescription(terminal, at, flags);
    }

    /** A terminal for somebody outside of the layer. @param rows and columns of its window */
    public HostTerminal open(int rows, int columns) {
        Terminal terminal = create(Credentials.root());
        terminal.locked(false);
        HostTerminal host = new HostTerminal(terminal);
        host.resize(rows, columns);
        return host;
    }

    /** The first process of a run has the run's terminal as its session's. */
    public void attach(StandardStreams streams, ThreadGroup first) {
        if (streams.input() instanceof SlaveDescription slave) {
            synchronized (layer.processes()) {
                slave.terminal().control(first);
            }
            slave.terminal().meter(first.run()::countOutput);
        }
    }
}
