package io.scwatcher.cpu.packed;

/**
 * The packed instructions that move data between lanes, by their mnemonic. Those with two quadwords produce one quadword: on MM registers from destination
 * and source, on XMM registers from two such pairs.
 */
public final class PackedShuffles {
    private PackedShuffles() {
    }

    /** Interleaves the low four bytes: a0 b0 a1 b1 a2 b2 a3 b3. */
    public static long punpcklbw(long a, long b) {
        return spreadBytes(a) | spreadBytes(b) << 8;
    }

    public static long punpckhbw(long a, long b) {
        return punpcklbw(a >>> 32, b >>> 32);
    }

    public static long punpcklwd(long a, long b) {
        return spreadWords(a) | spreadWords(b) << 16;
    }

    public static long punpckhwd(long a, long b) {
        return punpcklwd(a >>> 32, b >>> 32);
    }

    public static long punpckldq(long a, long b) {
        return a & 0xFFFF_FFFFL | b << 32;
    }

    public static long punpckhdq(long a, long b) {
        return a >>> 32 | b & 0xFFFF_FFFF_0000_0000L;
    }

    private static long spreadBytes(long a) {
        long words = spreadWords(a);
        return (words | words << 8) & 0x00FF_00FF_00FF_00FFL;
    }

    private static long spreadWords(long a) {
        return (a & 0xFFFF_0000L) << 16 | a & 0xFFFF;
    }

    /** Four words of a, then four of b, to bytes with signed saturation. */
    public static long packsswb(long a, long b) {
        return packWords(a, Byte.MIN_VALUE, Byte.MAX_VALUE) | packWords(b, Byte.MIN_VALUE, Byte.MAX_VALUE) << 32;
    }

    public static long packuswb(long a, long b) {
        return packWords(a, 0, 255) | packWords(b, 0, 255) << 32;
    }

    private static long packWords(long words, int min, int max) {
        long bytes = 0;
        for (int i = 0; i < 4; i++) {
            bytes |= (Math.clamp((short) (words >> 16 * i), min, max) & 0xFFL) << 8 * i;
        }
        return bytes;
    }

    public static long packssdw(long a, long b) {
        return packDoublewords(a, Short.MIN_VALUE, Short.MAX_VALUE) | packDoublewords(b, Short.MIN_VALUE, Short.MAX_VALUE) << 32;
    }

    public static long packusdw(long a, long b) {
        return packDoublewords(a, 0, 0xFFFF) | packDoublewords(b, 0, 0xFFFF) << 32;
    }

    private static long packDoublewords(long doublewords, int min, int max) {
        return Math.clamp((int) doublewords, min, max) & 0xFFFF | (Math.clamp((int) (doublewords >> 32), min, max) & 0xFFFFL) << 16;
    }

    public static long phaddw(long a, long b) {
        return PackedIntegers.paddw(evenWords(a, b), oddWords(a, b));
    }

    public static long phaddsw(long a, long b) {
        return PackedIntegers.paddsw(evenWords(a, b), oddWords(a, b));
    }

    public static long phaddd(long a, long b) {
        return PackedIntegers.paddd(punpckldq(a, b), punpckhdq(a, b));
    }

    public static long phsubw(long a, long b) {
        return PackedIntegers.psubw(evenWords(a, b), oddWords(a, b));
    }

    public static long phsubsw(long a, long b) {
        return PackedIntegers.psubsw(evenWords(a, b), oddWords(a, b));
    }

    public static long phsubd(long a, long b) {
        return PackedIntegers.psubd(punpckldq(a, b), punpckhdq(a, b));
    }

    private static long evenWords(long a, long b) {
        return everySecondWord(a) | everySecondWord(b) << 32;
    }

    private static long oddWords(long a, long b) {
        return everySecondWord(a >>> 16) | everySecondWord(b >>> 16) << 32;
    }

    private static long everySecondWord(long a) {
        return a & 0xFFFF | a >>> 16 & 0xFFFF_0000L;
    }

    /** Words of a, chosen by two bits of the selector each: PSHUFW, PSHUFLW, PSHUFHW. */
    public static long pshufw(long a, int selector) {
        return word(a, selector) | word(a, selector >> 2) << 16 | word(a, selector >> 4) << 32 | word(a, selector >> 6) << 48;
    }

    private static long word(long a, int number) {
        return a >>> ((number & 3) << 4) & 0xFFFF;
    }

    /** Doubleword {@code number & 3} of an XMM value. */
    public static long doubleword(long low, long high, int number) {
        return ((number & 2) == 0 ? low : high) >>> ((number & 1) << 5) & 0xFFFF_FFFFL;
    }

    /** Bytes of the 16 in low and high, chosen by a control byte each; bit 7 set clears. On MM registers both halves are the same. */
    public static long pshufb(long low, long high, long control) {
        long result = 0;
        for (int i = 0; i < 64; i += 8) {
            int index = (int) (control >>> i);
            if ((index & 0x80) == 0) {
                result |= (((index & 8) == 0 ? low : high) >>> ((index & 7) << 3) & 0xFF) << i;
            }
        }
        return result;
    }

    /** The quadword at a byte offset in the 128 bits of low and high; 0 beyond. */
    public static long quadwordAt(long low, long high, int offset) {
        if (offset >= 16) {
            return 0;
        }
        if (offset >= 8) {
            return high >>> 8 * (offset - 8);
        }
        return offset == 0 ? low : low >>> 8 * offset | high << 64 - 8 * offset;
    }

    /** The sum of absolute differences of four bytes, at eight positions: words 0 to 3 or, with {@code second}, 4 to 7. */
    public static long mpsadbw(long low, long high, long source, int control, boolean second) {
        int block = (int) source;
        int start = ((control & 4) != 0 ? 4 : 0) + (second ? 4 : 0);
        long result = 0;
        for (int i = 0; i < 4; i++) {
            int window = (int) quadwordAt(low, high, start + i);
            result |= PackedIntegers.psadbw(window & 0xFFFF_FFFFL, block & 0xFFFF_FFFFL) << 16 * i;
        }
        return result;
    }

    /** The smallest word and, above it, its number. */
    public static long phminposuw(long low, long high) {
        int minimum = 0x10000;
        int position = 0;
        for (int i = 0; i < 8; i++) {
            int word = (int) word(i < 4 ? low : high, i);
            if (word < minimum) {
                minimum = word;
                position = i;
            }
        }
        return (long) position << 16 | minimum;
    }

    /** Extends lanes of {@code from} bits to {@code to} bits, starting at the lowest: PMOVSX and PMOVZX. */
    public static long extend(long source, int from, int to, boolean signed) {
        long result = 0;
        for (int i = 0; i * to < 64; i++) {
            long lane = source >>> i * from << 64 - from;
            long wide = signed ? lane >> 64 - from : lane >>> 64 - from;
            result |= (wide & -1L >>> 64 - to) << i * to;
        }
        return result;
    }
}
