package io.scwatcher.os.tty;

import static io.scwatcher.os.tty.Termios.*;

/** What a terminal makes of output and echo on its way to the master ({@code do_output_char} of drivers/tty/n_tty.c, 6.12). Guarded by the terminal. */
final class OutputProcessor {
    /** How much may wait for the master. */
    private static final int CAPACITY = 1 << 16;
    /** Echo goes on beyond it this far. */
    private static final int ECHO_CAPACITY = CAPACITY + 4096;
    private static final int TAB = 8;

    private final ByteQueue queue = new ByteQueue();
    private int column;

    int room() {
        return CAPACITY - queue.size();
    }

    int size() {
        return queue.size();
    }

    int take(byte[] to, int offset, int length) {
        return queue.take(to, offset, length);
    }

    void clear() {
        queue.clear();
    }

    /** Where the cursor is, from 0. */
    int column() {
        return column;
    }

    /** Puts out what a program writes. @return bytes taken */
    int write(Termios termios, byte[] from, int offset, int length) {
        int done = 0;
        while (done < length && room() >= TAB) {
            put(termios, from[offset + done++] & 0xff);
        }
        return done;
    }

    /** Echo: is lost when there is far too much. */
    void echo(Termios termios, int c) {
        if (queue.size() < ECHO_CAPACITY) {
            put(termios, c);
        }
    }

    private void put(Termios termios, int c) {
        if (!termios.output(OPOST)) {
            queue.add(c);
            return;
        }
        switch (c) {
            case '\n' -> {
                if (termios.output(ONLRET)) {
                    column = 0;
                }
                if (termios.output(ONLCR)) {
                    queue.add('\r');
                    column = 0;
                }
                queue.add('\n');
            }
            case '\r' -> {
                if (termios.output(ONOCR) && column == 0) {
                    return;
                }
                if (!termios.output(OCRNL) || termios.output(ONLRET)) {
                    column = 0;
                }
                queue.add(termios.output(OCRNL) ? '\n' : '\r');
            }
            case '\t' -> {
                int spaces = TAB - (column & TAB - 1);
                column += spaces;
                if ((termios.output() & TABDLY) != XTABS) {
                    queue.add('\t');
                    return;
                }
                for (int i = 0; i < spaces; i++) {
                    queue.add(' ');
                }
            }
            case '\b' -> {
                column -= column > 0 ? 1 : 0;
                queue.add('\b');
            }
            default -> {
                boolean control = c < ' ' || c == 0177;
                boolean continuation = termios.input(IUTF8) && (c & 0xc0) == 0x80;
                column += control || continuation ? 0 : 1;
                queue.add(termios.output(OLCUC) ? Character.toUpperCase((char) c) : c);
            }
        }
    }
}
