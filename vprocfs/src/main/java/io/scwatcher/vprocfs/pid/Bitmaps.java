package io.scwatcher.vprocfs.pid;

/** Bit sets as {@code %*pb} and {@code %*pbl} print them (lib/vsprintf.c). Bit 0 is the lowest of the first word. */
public final class Bitmaps {
    private static final int CHUNK = 32;
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private Bitmaps() {}

    /** {@code %*pb}: chunks of 32 bits, highest first, with as many digits as there are bits. */
    public static String hex(long[] words, int bits) {
        StringBuilder text = new StringBuilder(bits / 4 + bits / CHUNK + 2);
        int first = (bits % CHUNK == 0 ? CHUNK : bits % CHUNK);
        int width = (first + 3) / 4;
        for (int chunk = (bits + CHUNK - 1) / CHUNK - 1; chunk >= 0; chunk--) {
            long value = words[chunk / 2] >>> (chunk % 2 * CHUNK) & 0xffff_ffffL;
            if (text.isEmpty() && first < CHUNK) {
                value &= (1L << first) - 1;
            }
            text.append(text.isEmpty() ? "" : ",");
            for (int digit = width - 1; digit >= 0; digit--) {
                text.append(DIGITS[(int) (value >>> 4 * digit) & 0xf]);
            }
            width = CHUNK / 4;
        }
        return text.toString();
    }

    /** {@code %*pbl}: ranges, as in {@code 0-3,8}. */
    public static String list(long[] words, int bits) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bits; i++) {
            if (words[i / Long.SIZE] == 0) {
                i |= Long.SIZE - 1;
                continue;
            }
            if (!isSet(words, i)) {
                continue;
            }
            int last = i;
            while (last + 1 < bits && isSet(words, last + 1)) {
                last++;
            }
            text.append(text.isEmpty() ? "" : ",").append(i);
            if (last > i) {
                text.append('-').append(last);
            }
            i = last;
        }
        return text.toString();
    }

    private static boolean isSet(long[] words, int bit) {
        return (words[bit / Long.SIZE] >>> bit % Long.SIZE & 1) != 0;
    }
}
