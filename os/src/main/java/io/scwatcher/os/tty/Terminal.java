package io.scwatcher.os.tty;

import io.scwatcher.os.Layer;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.signal.SignalInfo;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.task.ControllingTerminal;
import io.scwatcher.os.task.Session;
import io.scwatcher.os.task.ThreadGroup;
import io.scwatcher.os.wait.WaitQueue;
import java.util.function.LongConsumer;

/**
 * A pseudo terminal: what is between a master, which types and watches, and programs at the slave side (pty(7); drivers/tty/pty.c, 6.12). Its monitor guards all but the
 * session, which the lock of the process table guards; that one is taken last.
 */
final class Terminal implements ControllingTerminal {
    /** UNIX98_PTY_SLAVE_MAJOR. */
    static final int SLAVE_MAJOR = 136;

    private final Layer layer;
    private final Terminals terminals;
    private final int number;
    private final int uid;
    private final int gid;
    private final WaitQueue slaveQueue = new WaitQueue();
    private final WaitQueue masterQueue = new WaitQueue();
    private final OutputProcessor output = new OutputProcessor();
    private final LineDiscipline discipline = new LineDiscipline(output, this::raise);
    private Termios termios = Termios.INITIAL;
    private byte[] windowSize = new byte[8];
    private boolean locked = true;
    private boolean exclusive;
    private boolean hungUp;
    private int slaves;
    private boolean slaveOpened;
    /** When a timed read gives up ({@code VTIME}), of {@link System#nanoTime}; 0 without one. */
    private long readDeadline;
    /** How many bytes there were when it was set. */
    private int lastAvailable;

    private volatile LongConsumer meter = _ -> {};
    private volatile Session session;
    private volatile int foreground;

    Terminal(Layer layer, Terminals terminals, int number, int uid, int gid) {
        this.layer = layer;
        this.terminals = terminals;
        this.number = number;
        this.uid = uid;
        this.gid = gid;
    }

    int number() {
        return number;
    }

    int uid() {
        return uid;
    }

    int gid() {
        return gid;
    }

    @Override
    public long device() {
        return DeviceNumber.of(SLAVE_MAJOR, number);
    }

    /** Who is told how many bytes leave the layer through it. */
    void meter(LongConsumer counter) {
        meter = counter;
    }

    /** So many bytes were shown to somebody outside. */
    void shown(int bytes) {
        meter.accept(bytes);
    }

    WaitQueue slaveQueue() {
        return slaveQueue;
    }

    WaitQueue masterQueue() {
        return masterQueue;
    }

    private void changed() {
        slaveQueue.wakeAll();
        masterQueue.wakeAll();
    }

    synchronized boolean locked() {
        return locked;
    }

    synchronized void locked(boolean lock) {
        locked = lock;
    }

    synchronized boolean exclusive() {
        return exclusive;
    }

    synchronized void exclusive(boolean only) {
        exclusive = only;
    }

    synchronized boolean hungUp() {
        return hungUp;
    }

    synchronized Termios termios() {
        return termios;
    }

    /** @param flush whether what was typed and not read is thrown away */
    void termios(Termios wanted, boolean flush) {
        synchronized (this) {
            discipline.modeChanged(termios, wanted);
            termios = wanted;
            if (flush) {
                discipline.clear();
            }
        }
        changed();
    }

    /** struct winsize: rows, columns, width and height in pixels, 16 bits each. */
    synchronized byte[] windowSize() {
        return windowSize.clone();
    }

    /** The foreground process group learns of a change by SIGWINCH. */
    void windowSize(byte[] size) {
        synchronized (this) {
            if (java.util.Arrays.equals(size, windowSize)) {
                return;
            }
            windowSize = size.clone();
        }
        raise(Signal.SIGWINCH);
    }

    /** tcflow(3): holds output back or lets it go on. */
    void hold(boolean stop) {
        synchronized (this) {
            discipline.stopped(stop);
        }
        changed();
    }

    /** tcflush(3). */
    void flush(boolean typed, boolean written) {
        synchronized (this) {
            if (typed) {
                discipline.clear();
            }
            if (written) {
                output.clear();
            }
        }
        changed();
    }

    private void raise(int signal) {
        int group = foreground;
        if (group != 0) {
            Signals.toProcessGroup(layer, group, SignalInfo.kernel(signal));
        }
    }

    Session session() {
        return session;
    }

    @Override
    public int foregroundGroup() {
        return foreground;
    }

    /** With the lock of the process table held. */
    void foregroundGroup(int group) {
        foreground = group;
    }

    /** It becomes the controlling terminal of a session. With the lock of the process table held. */
    void control(ThreadGroup leader) {
        session = leader.session();
        foreground = leader.processGroup();
        session.setTerminal(this);
    }

    @Override
    public void disassociate() {
        session = null;
        foreground = 0;
    }

    /** The session loses its terminal, by TIOCNOTTY of its leader: {@code disassociate_ctty}. */
    void giveUp() {
        synchronized (layer.processes()) {
            raise(Signal.SIGHUP);
            raise(Signal.SIGCONT);
            if (session != null) {
                session.setTerminal(null);
            }
            disassociate();
        }
    }

    void slaveOpened() {
        synchronized (this) {
            slaves++;
            slaveOpened = true;
        }
        changed();
    }

    void slaveClosed() {
        synchronized (this) {
            slaves--;
        }
        changed();
    }

    /** The master is gone: programs at the slave side read the end of the file, and the session leader gets SIGHUP. */
    void hangUp() {
        synchronized (this) {
            hungUp = true;
            discipline.clear();
            output.clear();
        }
        terminals.remove(this);
        synchronized (layer.processes()) {
            Session abandoned = session;
            if (abandoned != null) {
                abandoned.setTerminal(null);
                disassociate();
                ThreadGroup leader = layer.processes().group(abandoned.id());
                if (leader != null) {
                    Signals.toGroup(leader, SignalInfo.kernel(Signal.SIGHUP));
                    Signals.toGroup(leader, SignalInfo.kernel(Signal.SIGCONT));
                }
            }
        }
        changed();
    }

    /** Typing. @return bytes taken, or {@code -EAGAIN} */
    int type(byte[] from, int offset, int length) {
        int done = 0;
        synchronized (this) {
            while (done < length && discipline.room(termios) > 0) {
                discipline.receive(termios, from[offset + done++] & 0xff);
            }
        }
        changed();
        return done == 0 && length > 0 ? -Errno.EAGAIN : done;
    }

    /** What the master sees. @return {@code -EIO} once nobody has the slave side open any more */
    int watch(byte[] to, int offset, int length) {
        int count;
        synchronized (this) {
            if (output.size() == 0 || discipline.stopped()) {
                return slaveOpened && slaves == 0 ? -Errno.EIO : -Errno.EAGAIN;
            }
            count = output.take(to, offset, length);
        }
        changed();
        return count;
    }

    synchronized int waitingForMaster() {
        return output.size();
    }

    synchronized int waitingForSlave() {
        return discipline.available(termios);
    }

    /** A program reads, as VMIN and VTIME have it. */
    int read(byte[] to, int offset, int length) {
        int count;
        synchronized (this) {
            if (hungUp || length == 0) {
                return 0;
            }
            count = enough(length) ? discipline.read(termios, to, offset, length) : -Errno.EAGAIN;
            if (count == -Errno.EAGAIN && !termios.local(Termios.ICANON)) {
                return timed(to, offset, length);
            }
            readDeadline = 0;
        }
        changed();
        return count;
    }

    private boolean enough(int length) {
        if (termios.local(Termios.ICANON)) {
            return true;
        }
        int least = termios.character(Termios.VMIN);
        return discipline.available(termios) >= Math.clamp(length, 1, Math.max(1, least));
    }

    /** VTIME: tenths of a second, from the start if VMIN is 0, otherwise since the last byte. */
    private int timed(byte[] to, int offset, int length) {
        int least = termios.character(Termios.VMIN);
        long tenths = termios.character(Termios.VTIME);
        int available = discipline.available(termios);
        if (tenths == 0) {
            return least == 0 ? 0 : -Errno.EAGAIN;
        }
        if (least > 0 && available == 0) {
            return -Errno.EAGAIN;
        }
        long now = System.nanoTime();
        if (readDeadline == 0 || least > 0 && available != lastAvailable) {
            lastAvailable = available;
            readDeadline = now + tenths * 100_000_000;
            layer.timers().at(readDeadline, slaveQueue::wakeAll);
            return -Errno.EAGAIN;
        }
        if (now - readDeadline < 0) {
            return -Errno.EAGAIN;
        }
        readDeadline = 0;
        return available == 0 ? 0 : discipline.read(termios, to, offset, length);
    }

    /** A program writes. */
    int write(byte[] from, int offset, int length) {
        int count;
        synchronized (this) {
            if (hungUp) {
                return -Errno.EIO;
            }
            if (discipline.stopped()) {
                return -Errno.EAGAIN;
            }
            count = output.write(termios, from, offset, length);
        }
        changed();
        return count == 0 && length > 0 ? -Errno.EAGAIN : count;
    }

    synchronized int pollSlave() {
        if (hungUp) {
            return PollEvents.ALWAYS | PollEvents.POLLERR | PollEvents.POLLHUP;
        }
        boolean timed = termios.character(Termios.VTIME) != 0;
        int least = termios.local(Termios.ICANON) || timed ? 1 : Math.max(1, termios.character(Termios.VMIN));
        int events = discipline.available(termios) >= least ? PollEvents.READABLE : 0;
        return discipline.stopped() || output.room() < 256 ? events : events | PollEvents.WRITABLE;
    }

    synchronized int pollMaster() {
        int events = output.size() > 0 && !discipline.stopped() ? PollEvents.READABLE : 0;
        events |= discipline.room(termios) > 0 ? PollEvents.WRITABLE : 0;
        return slaveOpened && slaves == 0 ? events | PollEvents.POLLHUP : events;
    }
}
