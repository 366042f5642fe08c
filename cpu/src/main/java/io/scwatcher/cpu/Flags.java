package io.scwatcher.cpu;

/**
 * The status flags (SDM vol. 1, 3.4.3.1) as two longs, from which each flag is computed only when somebody asks:
 * <ul>
 * <li>{@code result}: the last result, sign-extended from its size. ZF is {@code result == 0}, SF its sign, PF its low byte's parity.
 * <li>{@code carries}: bit 63 CF; bit 62 the carry into the sign bit, so that OF is bit 63 xor bit 62; bit 3 AF; bit 0 turns SF round, and
 *     bit 8 turns PF round, for flags that no result has together.
 * </ul>
 * So ADD leaves its result and its vector of carries, AND leaves its result and 0. Interpreter and compiled code both use these formulas.
 */
public final class Flags {
    public static final int CF = 1;
    public static final int PF = 4;
    public static final int AF = 0x10;
    public static final int ZF = 0x40;
    public static final int SF = 0x80;
    public static final int TF = 0x100;
    public static final int IF = 0x200;
    public static final int DF = 0x400;
    public static final int OF = 0x800;
    public static final int NT = 0x4000;
    public static final int AC = 0x4_0000;
    public static final int ID = 0x20_0000;

    public static final int STATUS = CF | PF | AF | ZF | SF | OF;
    /** The others that POPF changes in user mode (IOPL 0). */
    public static final int CONTROL = TF | DF | NT | AC | ID;

    /** What 64-bit carries may contain. */
    private static final long KEPT = 0xC000_0000_0000_0008L;
    private static final long TOP = 0xC000_0000_0000_0000L;

    private Flags() {
    }

    /** Carries of {@code r = a + b}, also with a carry in, of 64 bits. */
    public static long add64(long a, long b, long r) {
        return (a & b | (a | b) & ~r) & KEPT;
    }

    /** Carries (borrows) of {@code r = a - b}, also with a borrow in, of 64 bits. */
    public static long subtract64(long a, long b, long r) {
        return (~a & b | ~(a ^ b) & r) & KEPT;
    }

    /** Carries of an addition of {@code size} bytes; the upper bits of the arguments don't matter. */
    public static long add(long a, long b, long r, int size) {
        return align(a & b | (a | b) & ~r, size);
    }

    /** Carries (borrows) of a subtraction of {@code size} bytes. */
    public static long subtract(long a, long b, long r, int size) {
        return align(~a & b | ~(a ^ b) & r, size);
    }

    private static long align(long vector, int size) {
        return vector << 64 - 8 * size & TOP | vector & 8;
    }

    /** Carries of {@code r = a + b} of 32 bits. */
    public static long add32(int a, int b, int r) {
        int vector = a & b | (a | b) & ~r;
        return (long) vector << 32 & TOP | vector & 8;
    }

    /** Carries of {@code r = a - b} of 32 bits. */
    public static long subtract32(int a, int b, int r) {
        int vector = ~a & b | ~(a ^ b) & r;
        return (long) vector << 32 & TOP | vector & 8;
    }

    /** The carries of an operation that leaves CF alone (INC, DEC), with CF from before; OF stays. */
    public static long keepCarry(long carries, long before) {
        long change = (carries ^ before) & Long.MIN_VALUE;
        return carries ^ change ^ change >>> 1;
    }

    /** Carries of an operation that defines CF and OF, and clears or leaves undefined AF. */
    public static long of(boolean carry, boolean overflow) {
        return (carry ? Long.MIN_VALUE : 0) | (carry != overflow ? 1L << 62 : 0);
    }

    /** Carries with CF and OF changed, all other flags left alone. */
    public static long with(long carries, boolean carry, boolean overflow) {
        return carries & ~TOP | of(carry, overflow);
    }

    /** Carries with CF changed, all other flags left alone. */
    public static long withCarry(long carries, boolean carry) {
        return with(carries, carry, overflow(carries));
    }

    /** The result that stands for these status flags; {@link #carries} belongs to it. */
    public static long result(long flags) {
        return (flags & ZF) != 0 ? 0 : 1;
    }

    /** The carries that stand for these status flags, beside {@link #result}. */
    public static long carries(long flags) {
        boolean evenParity = (flags & ZF) != 0;
        return of((flags & CF) != 0, (flags & OF) != 0) | (flags & AF) >> 1 | (flags & SF) >> 7 | ((flags & PF) != 0 == evenParity ? 0 : 1 << 8);
    }

    public static boolean carry(long carries) {
        return carries < 0;
    }

    public static boolean overflow(long carries) {
        return (carries ^ carries << 1) < 0;
    }

    public static boolean sign(long result, long carries) {
        return (result ^ carries << 63) < 0;
    }

    public static boolean parity(long result, long carries) {
        return (Integer.bitCount((int) (result ^ carries >>> 8) & 0xff) & 1) == 0;
    }

    /** SF != OF. */
    public static boolean less(long result, long carries) {
        return (result ^ carries << 63 ^ carries ^ carries << 1) < 0;
    }

    /** Whether a condition holds, as Jcc, SETcc and CMOVcc encode it (SDM vol. 1, appendix B). */
    public static boolean condition(int code, long result, long carries) {
        boolean holds = switch (code >> 1) {
            case 0 -> overflow(carries);
            case 1 -> carry(carries);
            case 2 -> result == 0;
            case 3 -> carry(carries) || result == 0;
            case 4 -> sign(result, carries);
            case 5 -> parity(result, carries);
            case 6 -> less(result, carries);
            default -> less(result, carries) || result == 0;
        };
        return holds ^ (code & 1) != 0;
    }

    /** The six status flags as the bits of RFLAGS. */
    public static int status(long result, long carries) {
        return (int) (carries >>> 63) | (parity(result, carries) ? PF : 0) | (int) (carries & 8) << 1 | (result == 0 ? ZF : 0)
                | (sign(result, carries) ? SF : 0) | (overflow(carries) ? OF : 0);
    }
}
