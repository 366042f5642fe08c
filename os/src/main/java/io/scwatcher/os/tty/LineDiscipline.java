package io.scwatcher.os.tty;

import static io.scwatcher.os.abi.Signal.SIGINT;
import static io.scwatcher.os.abi.Signal.SIGQUIT;
import static io.scwatcher.os.abi.Signal.SIGTSTP;
import static io.scwatcher.os.tty.Termios.*;

import io.scwatcher.os.abi.Errno;
import java.util.function.IntConsumer;

/** N_TTY: what a terminal makes of keystrokes: lines that can be edited, signals, flow control, echo (drivers/tty/n_tty.c, 6.12). Guarded by the terminal. */
final class LineDiscipline {
    /** N_TTY_BUF_SIZE; the last place is for the end of a line. */
    private static final int CAPACITY = 4096;
    /** A byte that ends a line; an end of file, which is no byte. */
    private static final int END = 0x100, END_OF_FILE = 0x200;

    private final OutputProcessor output;
    private final IntConsumer signal;
    private final short[] ring = new short[CAPACITY];
    private int head;
    private int used;
    /** Of those, what a reader of lines can have. */
    private int complete;
    private boolean literal;
    private boolean stopped;
    /** Where the cursor was when the line began. */
    private int startColumn;

    /** @param signal sends a signal to the foreground process group */
    LineDiscipline(OutputProcessor output, IntConsumer signal) {
        this.output = output;
        this.signal = signal;
    }

    /** Whether output is held back by the stop character. */
    boolean stopped() {
        return stopped;
    }

    void stopped(boolean stop) {
        stopped = stop;
    }

    /** Bytes that a read can have at once. */
    int available(Termios termios) {
        return termios.local(ICANON) ? complete : used;
    }

    /** How many more bytes can come. Lines that are too long lose their end instead, so that they can still be ended. */
    int room(Termios termios) {
        boolean editing = termios.local(ICANON) && complete == 0;
        return editing ? CAPACITY : CAPACITY - 1 - used;
    }

    void clear() {
        used = 0;
        complete = 0;
        literal = false;
    }

    /** The mode changed: what was typed so far is a line without end, or no line any more. */
    void modeChanged(Termios from, Termios to) {
        if (from.local(ICANON) != to.local(ICANON)) {
            complete = used;
        }
        if (from.input(IXON) && !to.input(IXON)) {
            stopped = false;
        }
    }

    /** read(2): a line or what there is of it, or bytes. @return 0 for the end of the file, {@code -EAGAIN} */
    int read(Termios termios, byte[] to, int offset, int length) {
        if (available(termios) == 0) {
            return -Errno.EAGAIN;
        }
        boolean lines = termios.local(ICANON);
        int done = 0;
        while (used > 0 && (!lines || complete > 0)) {
            int entry = ring[head];
            if (done == length && entry != END_OF_FILE) {
                break;
            }
            head = (head + 1) % CAPACITY;
            used--;
            complete = Math.max(0, complete - 1);
            if (entry != END_OF_FILE) {
                to[offset + done++] = (byte) entry;
            } else if (!lines) {
                to[offset + done++] = 0;
            }
            if (lines && entry >= END) {
                break;
            }
            if (done == length && !lines) {
                break;
            }
        }
        return done;
    }

    /** A keystroke. */
    void receive(Termios termios, int key) {
        int c = termios.input(ISTRIP) ? key & 0x7f : key;
        if (termios.input(IUCLC) && termios.local(IEXTEN)) {
            c = Character.toLowerCase((char) c);
        }
        if (literal) {
            literal = false;
            ordinary(termios, c);
            return;
        }
        if (termios.input(IXON)) {
            if (termios.is(VSTART, c)) {
                stopped = false;
                return;
            }
            if (termios.is(VSTOP, c)) {
                stopped = true;
                return;
            }
        }
        if (termios.local(ISIG)) {
            int raised = termios.is(VINTR, c) ? SIGINT : termios.is(VQUIT, c) ? SIGQUIT : termios.is(VSUSP, c) ? SIGTSTP : 0;
            if (raised != 0) {
                interrupt(termios, c, raised);
                return;
            }
        }
        if (stopped && termios.input(IXON) && termios.input(IXANY)) {
            stopped = false;
        }
        if (c == '\r') {
            if (termios.input(IGNCR)) {
                return;
            }
            c = termios.input(ICRNL) ? '\n' : c;
        } else if (c == '\n' && termios.input(INLCR)) {
            c = '\r';
        }
        if (!termios.local(ICANON) || !edits(termios, c)) {
            ordinary(termios, c);
        }
    }

    private void interrupt(Termios termios, int c, int raised) {
        if (!termios.local(NOFLSH)) {
            clear();
            output.clear();
        }
        stopped = false;
        if (termios.local(ECHO)) {
            echo(termios, c);
        }
        signal.accept(raised);
    }

    /** Keys that edit or end a line. */
    private boolean edits(Termios termios, int c) {
        boolean extended = termios.local(IEXTEN);
        if (termios.is(VERASE, c)) {
            eraseOne(termios, c);
        } else if (extended && termios.is(VWERASE, c)) {
            eraseWord(termios);
        } else if (termios.is(VKILL, c)) {
            kill(termios, c);
        } else if (extended && termios.is(VLNEXT, c)) {
            literal = true;
            if (termios.local(ECHO) && termios.local(ECHOCTL)) {
                output.echo(termios, '^');
                output.echo(termios, '\b');
            }
        } else if (extended && termios.local(ECHO) && termios.is(VREPRINT, c)) {
            echo(termios, c);
            output.echo(termios, '\n');
            for (int i = complete; i < used; i++) {
                echo(termios, at(i));
            }
        } else if (c == '\n') {
            if (termios.local(ECHO) || termios.local(ECHONL)) {
                output.echo(termios, '\n');
            }
            endLine('\n' | END);
        } else if (termios.is(VEOF, c)) {
            endLine(END_OF_FILE);
        } else if (termios.is(VEOL, c) || extended && termios.is(VEOL2, c)) {
            if (termios.local(ECHO)) {
                echo(termios, c);
            }
            endLine(c | END);
        } else {
            return false;
        }
        return true;
    }

    private void endLine(int entry) {
        if (used == CAPACITY) {
            used--;
        }
        ring[(head + used++) % CAPACITY] = (short) entry;
        complete = used;
        startColumn = output.column();
    }

    private void ordinary(Termios termios, int c) {
        if (used >= CAPACITY - 1) {
            if (termios.input(IMAXBEL)) {
                output.echo(termios, 7);
            }
            return;
        }
        if (termios.local(ECHO)) {
            if (complete == used) {
                startColumn = output.column();
            }
            if (c == '\n') {
                output.echo(termios, c);
            } else {
                echo(termios, c);
            }
        }
        if (termios.input(PARMRK) && c == 0xff && !termios.input(ISTRIP)) {
            ring[(head + used++) % CAPACITY] = (short) c;
        }
        ring[(head + used++) % CAPACITY] = (short) c;
        if (!termios.local(ICANON)) {
            complete = 0;
        }
    }

    /** Control characters as ^X if so wanted. */
    private void echo(Termios termios, int c) {
        if (termios.local(ECHOCTL) && isControl(c) && c != '\t') {
            output.echo(termios, '^');
            output.echo(termios, c ^ 0100);
        } else {
            output.echo(termios, c);
        }
    }

    private static boolean isControl(int c) {
        return c < ' ' || c == 0177;
    }

    private int at(int index) {
        return ring[(head + index) % CAPACITY] & 0xff;
    }

    private void eraseOne(Termios termios, int key) {
        if (used > complete) {
            int c = removeLast(termios);
            if (termios.local(ECHO)) {
                if (termios.local(ECHOE)) {
                    unecho(termios, c);
                } else {
                    echo(termios, key);
                }
            }
        }
    }

    private void eraseWord(Termios termios) {
        boolean seen = false;
        while (used > complete) {
            int c = at(used - 1);
            boolean word = Character.isLetterOrDigit(c) && c < 0x80 || c == '_' || c >= 0x80;
            if (seen && !word) {
                break;
            }
            seen |= word;
            int removed = removeLast(termios);
            if (termios.local(ECHO) && termios.local(ECHOE)) {
                unecho(termios, removed);
            }
        }
    }

    private void kill(Termios termios, int key) {
        boolean visibly = termios.local(ECHO) && termios.local(ECHOK) && termios.local(ECHOKE) && termios.local(ECHOE);
        boolean any = used > complete;
        while (used > complete) {
            int c = removeLast(termios);
            if (visibly) {
                unecho(termios, c);
            }
        }
        if (any && termios.local(ECHO) && !visibly) {
            echo(termios, key);
            if (termios.local(ECHOK)) {
                output.echo(termios, '\n');
            }
        }
    }

    /** Takes back the last character, which may have several bytes. @return its first byte */
    private int removeLast(Termios termios) {
        int c = at(--used);
        while (termios.input(IUTF8) && (c & 0xc0) == 0x80 && used > complete) {
            c = at(--used);
        }
        return c;
    }

    private void unecho(Termios termios, int c) {
        if (c == '\t') {
            int column = startColumn;
            for (int i = complete; i < used; i++) {
                column = after(termios, column, at(i));
            }
            for (int i = after(termios, column, '\t'); i > column; i--) {
                output.echo(termios, '\b');
            }
            return;
        }
        int width = isControl(c) ? termios.local(ECHOCTL) ? 2 : 0 : 1;
        for (int i = 0; i < width; i++) {
            output.echo(termios, '\b');
            output.echo(termios, ' ');
            output.echo(termios, '\b');
        }
    }

    /** Where the cursor is after the echo of a character. */
    private static int after(Termios termios, int column, int c) {
        if (c == '\t') {
            return (column | 7) + 1;
        }
        return isControl(c) ? column + (termios.local(ECHOCTL) ? 2 : 0) : termios.input(IUTF8) && (c & 0xc0) == 0x80 ? column : column + 1;
    }
}
