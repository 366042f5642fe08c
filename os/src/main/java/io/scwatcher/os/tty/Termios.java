package io.scwatcher.os.tty;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a terminal behaves: {@code struct termios2} (include/uapi/asm-generic/termbits.h; termios(3)). Immutable.
 *
 * @param line the line discipline's number: N_TTY 0
 * @param characters NCCS special characters, 0 for none; not to be modified
 */
record Termios(int input, int output, int control, int local, int line, byte[] characters, int inputSpeed, int outputSpeed) {
    static final int IGNBRK = 01, BRKINT = 02, PARMRK = 010, ISTRIP = 040, INLCR = 0100, IGNCR = 0200, ICRNL = 0400, IUCLC = 01000, IXON = 02000, IXANY = 04000, IXOFF = 010000,
            IMAXBEL = 020000, IUTF8 = 040000;
    static final int OPOST = 01, OLCUC = 02, ONLCR = 04, OCRNL = 010, ONOCR = 020, ONLRET = 040, TABDLY = 014000, XTABS = 014000;
    static final int ISIG = 01, ICANON = 02, ECHO = 010, ECHOE = 020, ECHOK = 040, ECHONL = 0100, NOFLSH = 0200, TOSTOP = 0400, ECHOCTL = 01000, ECHOPRT = 02000, ECHOKE = 04000,
            IEXTEN = 0100000;
    static final int VINTR = 0, VQUIT = 1, VERASE = 2, VKILL = 3, VEOF = 4, VTIME = 5, VMIN = 6, VSTART = 8, VSTOP = 9, VSUSP = 10, VEOL = 11, VREPRINT = 12, VWERASE = 14, VLNEXT = 15,
            VEOL2 = 16;
    static final int SIZE = 36, SIZE2 = 44;
    private static final int NCCS = 19, CHARACTERS = 17;
    /** B38400, CS8, CREAD. */
    private static final int CONTROL = 0277;
    private static final byte[] INITIAL_CHARACTERS = {3, 034, 0177, 025, 4, 0, 1, 0, 021, 023, 032, 0, 022, 017, 027, 026, 0, 0, 0};

    /** What a new terminal starts with ({@code tty_std_termios}). */
    static final Termios INITIAL = new Termios(ICRNL | IXON, OPOST | ONLCR, CONTROL, ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN, 0, INITIAL_CHARACTERS, 38400, 38400);

    /** @param raw {@value #SIZE} bytes of struct termios, or {@value #SIZE2} of struct termios2 */
    Termios changed(byte[] raw) {
        ByteBuffer in = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        byte[] changed = new byte[NCCS];
        in.get(CHARACTERS, changed);
        boolean two = raw.length >= SIZE2;
        return new Termios(in.getInt(0), in.getInt(4), in.getInt(8), in.getInt(12), raw[16] & 0xff, changed, two ? in.getInt(36) : inputSpeed, two ? in.getInt(40) : outputSpeed);
    }

    byte[] encode(int size) {
        ByteBuffer out = ByteBuffer.allocate(SIZE2).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(input).putInt(output).putInt(control).putInt(local).put((byte) line).put(characters).position(36);
        out.putInt(inputSpeed).putInt(outputSpeed);
        return java.util.Arrays.copyOf(out.array(), size);
    }

    boolean input(int flag) {
        return (input & flag) != 0;
    }

    boolean output(int flag) {
        return (output & flag) != 0;
    }

    boolean local(int flag) {
        return (local & flag) != 0;
    }

    /** Whether a byte is this special character. */
    boolean is(int which, int c) {
        return c != 0 && (characters[which] & 0xff) == c;
    }

    int character(int which) {
        return characters[which] & 0xff;
    }
}
