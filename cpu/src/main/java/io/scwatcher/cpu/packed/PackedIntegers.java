package io.scwatcher.cpu.packed;

import static io.scwatcher.cpu.packed.Lanes.BYTES;
import static io.scwatcher.cpu.packed.Lanes.DOUBLEWORDS;
import static io.scwatcher.cpu.packed.Lanes.WORDS;

import java.util.function.IntBinaryOperator;

/**
 * The packed integer instructions that treat every quadword alike, by their mnemonic (SDM vol. 2): destination, source, result. On an XMM register they
 * work on both halves.
 */
public final class PackedIntegers {
    private PackedIntegers() {
    }

    public static long paddb(long a, long b) {
        return Lanes.add(a, b, BYTES);
    }

    public static long paddw(long a, long b) {
        return Lanes.add(a, b, WORDS);
    }

    public static long paddd(long a, long b) {
        return Lanes.add(a, b, DOUBLEWORDS);
    }

    public static long paddq(long a, long b) {
        return a + b;
    }

    public static long psubb(long a, long b) {
        return Lanes.subtract(a, b, BYTES);
    }

    public static long psubw(long a, long b) {
        return Lanes.subtract(a, b, WORDS);
    }

    public static long psubd(long a, long b) {
        return Lanes.subtract(a, b, DOUBLEWORDS);
    }

    public static long psubq(long a, long b) {
        return a - b;
    }

    public static long paddsb(long a, long b) {
        return Lanes.addSigned(a, b, BYTES);
    }

    public static long paddsw(long a, long b) {
        return Lanes.addSigned(a, b, WORDS);
    }

    public static long paddusb(long a, long b) {
        return Lanes.addUnsigned(a, b, BYTES);
    }

    public static long paddusw(long a, long b) {
        return Lanes.addUnsigned(a, b, WORDS);
    }

    public static long psubsb(long a, long b) {
        return Lanes.subtractSigned(a, b, BYTES);
    }

    public static long psubsw(long a, long b) {
        return Lanes.subtractSigned(a, b, WORDS);
    }

    public static long psubusb(long a, long b) {
        return Lanes.subtractUnsigned(a, b, BYTES);
    }

    public static long psubusw(long a, long b) {
        return Lanes.subtractUnsigned(a, b, WORDS);
    }

    public static long pcmpeqb(long a, long b) {
        return Lanes.equal(a, b, BYTES);
    }

    public static long pcmpeqw(long a, long b) {
        return Lanes.equal(a, b, WORDS);
    }

    public static long pcmpeqd(long a, long b) {
        return Lanes.equal(a, b, DOUBLEWORDS);
    }

    public static long pcmpeqq(long a, long b) {
        return a == b ? -1 : 0;
    }

    public static long pcmpgtb(long a, long b) {
        return ~Lanes.atLeastSigned(b, a, BYTES);
    }

    public static long pcmpgtw(long a, long b) {
        return ~Lanes.atLeastSigned(b, a, WORDS);
    }

    public static long pcmpgtd(long a, long b) {
        return ~Lanes.atLeastSigned(b, a, DOUBLEWORDS);
    }

    public static long pcmpgtq(long a, long b) {
        return a > b ? -1 : 0;
    }

    public static long pminub(long a, long b) {
        return Lanes.select(Lanes.atLeast(a, b, BYTES), b, a);
    }

    public static long pminuw(long a, long b) {
        return Lanes.select(Lanes.atLeast(a, b, WORDS), b, a);
    }

    public static long pminud(long a, long b) {
        return Lanes.select(Lanes.atLeast(a, b, DOUBLEWORDS), b, a);
    }

    public static long pminsb(long a, long b) {
        return Lanes.select(Lanes.atLeastSigned(a, b, BYTES), b, a);
    }

    public static long pminsw(long a, long b) {
        return Lanes.select(Lanes.atLeastSigned(a, b, WORDS), b, a);
    }

    public static long pminsd(long a, long b) {
        return Lanes.select(Lanes.atLeastSigned(a, b, DOUBLEWORDS), b, a);
    }

    public static long pmaxub(long a, long b) {
        return Lanes.select(Lanes.atLeast(a, b, BYTES), a, b);
    }

    public static long pmaxuw(long a, long b) {
        return Lanes.select(Lanes.atLeast(a, b, WORDS), a, b);
    }

    public static long pmaxud(long a, long b) {
        return Lanes.select(Lanes.atLeast(a, b, DOUBLEWORDS), a, b);
    }

    public static long pmaxsb(long a, long b) {
        return Lanes.select(Lanes.atLeastSigned(a, b, BYTES), a, b);
    }

    public static long pmaxsw(long a, long b) {
        return Lanes.select(Lanes.atLeastSigned(a, b, WORDS), a, b);
    }

    public static long pmaxsd(long a, long b) {
        return Lanes.select(Lanes.atLeastSigned(a, b, DOUBLEWORDS), a, b);
    }

    public static long pand(long a, long b) {
        return a & b;
    }

    public static long pandn(long a, long b) {
        return ~a & b;
    }

    public static long por(long a, long b) {
        return a | b;
    }

    public static long pxor(long a, long b) {
        return a ^ b;
    }

    public static long pavgb(long a, long b) {
        return Lanes.average(a, b, BYTES);
    }

    public static long pavgw(long a, long b) {
        return Lanes.average(a, b, WORDS);
    }

    public static long pabsb(long a, long b) {
        return Lanes.negateWhere(Lanes.spread(b, BYTES), b, BYTES);
    }

    public static long pabsw(long a, long b) {
        return Lanes.negateWhere(Lanes.spread(b, WORDS), b, WORDS);
    }

    public static long pabsd(long a, long b) {
        return Lanes.negateWhere(Lanes.spread(b, DOUBLEWORDS), b, DOUBLEWORDS);
    }

    public static long psignb(long a, long b) {
        return sign(a, b, BYTES);
    }

    public static long psignw(long a, long b) {
        return sign(a, b, WORDS);
    }

    public static long psignd(long a, long b) {
        return sign(a, b, DOUBLEWORDS);
    }

    private static long sign(long a, long b, long high) {
        return Lanes.negateWhere(Lanes.spread(b, high), a, high) & ~Lanes.equal(b, 0, high);
    }

    public static long pmullw(long a, long b) {
        return words(a, b, (x, y) -> x * y);
    }

    public static long pmulhw(long a, long b) {
        return words(a, b, (x, y) -> x * y >> 16);
    }

    public static long pmulhuw(long a, long b) {
        return words(a, b, (x, y) -> (x & 0xFFFF) * (y & 0xFFFF) >>> 16);
    }

    public static long pmulhrsw(long a, long b) {
        return words(a, b, (x, y) -> (x * y >> 14) + 1 >> 1);
    }

    /** Word by word, operands sign-extended. */
    private static long words(long a, long b, IntBinaryOperator operator) {
        long result = 0;
        for (int i = 0; i < 64; i += 16) {
            result |= (operator.applyAsInt((short) (a >> i), (short) (b >> i)) & 0xFFFFL) << i;
        }
        return result;
    }

    public static long pmulld(long a, long b) {
        return doublewords((int) a * (int) b, (int) (a >> 32) * (int) (b >> 32));
    }

    public static long pmuludq(long a, long b) {
        return (a & 0xFFFF_FFFFL) * (b & 0xFFFF_FFFFL);
    }

    public static long pmuldq(long a, long b) {
        return (long) (int) a * (int) b;
    }

    public static long pmaddwd(long a, long b) {
        return doublewords(pairSum((int) a, (int) b), pairSum((int) (a >> 32), (int) (b >> 32)));
    }

    private static int pairSum(int a, int b) {
        return (short) a * (short) b + (a >> 16) * (b >> 16);
    }

    /** Unsigned bytes of the destination times signed bytes of the source. */
    public static long pmaddubsw(long a, long b) {
        return words(a, b, (x, y) -> saturateWord((x & 0xFF) * (byte) y + (x >> 8 & 0xFF) * (y >> 8)));
    }

    static int saturateWord(int value) {
        return Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    public static long psadbw(long a, long b) {
        long difference = Lanes.subtractUnsigned(a, b, BYTES) | Lanes.subtractUnsigned(b, a, BYTES);
        long sum = 0;
        for (int i = 0; i < 64; i += 8) {
            sum += difference >>> i & 0xFF;
        }
        return sum;
    }

    /** @param count unsigned; all shifts alike */
    public static long psllw(long a, long count) {
        return Long.compareUnsigned(count, 15) > 0 ? 0 : a << count & 0x0001_0001_0001_0001L * (0xFFFF << (int) count & 0xFFFF);
    }

    public static long pslld(long a, long count) {
        return Long.compareUnsigned(count, 31) > 0 ? 0 : a << count & 0x1_0000_0001L * (0xFFFF_FFFFL << count & 0xFFFF_FFFFL);
    }

    public static long psllq(long a, long count) {
        return Long.compareUnsigned(count, 63) > 0 ? 0 : a << count;
    }

    public static long psrlw(long a, long count) {
        return Long.compareUnsigned(count, 15) > 0 ? 0 : a >>> count & 0x0001_0001_0001_0001L * (0xFFFF >>> (int) count);
    }

    public static long psrld(long a, long count) {
        return Long.compareUnsigned(count, 31) > 0 ? 0 : a >>> count & 0x1_0000_0001L * (0xFFFF_FFFFL >>> count);
    }

    public static long psrlq(long a, long count) {
        return Long.compareUnsigned(count, 63) > 0 ? 0 : a >>> count;
    }

    public static long psraw(long a, long count) {
        int by = Long.compareUnsigned(count, 15) > 0 ? 15 : (int) count;
        return words(a, 0, (x, y) -> x >> by);
    }

    public static long psrad(long a, long count) {
        int by = Long.compareUnsigned(count, 31) > 0 ? 31 : (int) count;
        return doublewords((int) a >> by, (int) (a >> 32) >> by);
    }

    /** The top bits of the eight bytes. */
    public static int pmovmskb(long a) {
        return (int) (((a & BYTES) >>> 7) * 0x0102_0408_1020_4080L >>> 56);
    }

    static long doublewords(int low, int high) {
        return (long) high << 32 | low & 0xFFFF_FFFFL;
    }
}
