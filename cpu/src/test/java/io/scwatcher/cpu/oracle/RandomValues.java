package io.scwatcher.cpu.oracle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/** Operands that find mistakes: edge cases of all sizes and kinds, and anything. */
final class RandomValues {
    private static final long[] EDGES = {0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL,
        Long.MAX_VALUE, Long.MIN_VALUE, -1, -2, -128, -32768, Integer.MIN_VALUE, 0x5555_5555_5555_5555L, 0x8080_8080_8080_8080L};
    private static final float[] FLOATS = {0f, -0f, 1f, -1f, 1.5f, 2f, 0.1f, Float.MAX_VALUE, Float.MIN_VALUE, Float.MIN_NORMAL, -Float.MIN_NORMAL,
        Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 2147483648f, -2147483648f, 2147483520f, 9.2233720e18f, 1e-40f, 16777217f};
    private static final double[] DOUBLES = {0, -0.0, 1, -1, 1.5, 2, 0.1, Double.MAX_VALUE, Double.MIN_VALUE, Double.MIN_NORMAL, -Double.MIN_NORMAL,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 2147483647, 2147483648.0, -2147483648.5, 9.223372036854775807e18, 1e-310,
        3.4028235677973366e38, 1e-42, 4503599627370497.5};
    private static final int MXCSR_DEFAULT = 0x1f80;

    private final RandomGenerator random;
    /** What other values are made similar to, so that operands cancel, compare equal or are the halves of a tie. */
    private long recent;

    RandomValues(RandomGenerator random) {
        this.random = random;
    }

    long integer() {
        return switch (random.nextInt(6)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> EDGES[random.nextInt(EDGES.length)] + random.nextInt(3) - 1;
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> random.nextInt(256);
            case 4 -> 1L << random.nextInt(64);
            default -> random.nextLong();
        };
    }

    /** Eight bytes for vectors: integers of any size, two floats or a double. */
    private long vector() {
        long value = switch (random.nextInt(9)) {
            case 0, 1 -> integer();
            case 2, 3 -> floatBits() & 0xffff_ffffL | (long) floatBits() << 32;
            case 4, 5 -> doubleBits();
            case 6 -> recent ^ (random.nextBoolean() ? 0 : 0x8000_0000_8000_0000L);
            case 7 -> recent ^ 1L << random.nextInt(64);
            default -> random.nextLong();
        };
        recent = value;
        return value;
    }

    private int floatBits() {
        return switch (random.nextInt(5)) {
            case 0, 1 -> Float.floatToRawIntBits(FLOATS[random.nextInt(FLOATS.length)]);
            case 2 -> Float.floatToRawIntBits(random.nextInt(2000) - 1000) + random.nextInt(3) - 1;
            case 3 -> 0x7f80_0000 | random.nextInt() & 0x807f_ffff;
            default -> random.nextInt();
        };
    }

    private long doubleBits() {
        return switch (random.nextInt(5)) {
            case 0, 1 -> Double.doubleToRawLongBits(DOUBLES[random.nextInt(DOUBLES.length)]);
            case 2 -> Double.doubleToRawLongBits(random.nextInt(2000) - 1000) + random.nextInt(3) - 1;
            case 3 -> 0x7ff0_0000_0000_0000L | random.nextLong() & 0x800f_ffff_ffff_ffffL;
            default -> random.nextLong();
        };
    }

    void memory(byte[] window) {
        ByteBuffer buffer = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
        if (random.nextInt(4) == 0) {
            long repeated = random.nextInt(4) * 0x0101_0101_0101_0101L;
            while (buffer.hasRemaining()) {
                buffer.putLong(random.nextInt(12) == 0 ? random.nextLong() : repeated);
            }
        } else {
            while (buffer.hasRemaining()) {
                buffer.putLong(vector());
            }
        }
    }

    /** An FXSAVE image (SDM vol. 1, table 10-2): x87 mostly with masked exceptions, XMM registers, MXCSR. */
    void floating(byte[] fx) {
        ByteBuffer image = ByteBuffer.wrap(fx).order(ByteOrder.LITTLE_ENDIAN);
        int control = 0x40 | random.nextInt(4) << 10 | (random.nextInt(4) == 0 ? random.nextInt(4) << 8 : 0x300);
        control |= random.nextInt(6) == 0 ? random.nextInt(64) : 0x3f;
        int status = random.nextInt(8) << 11 | random.nextInt(16) << 8 & 0x700 | random.nextInt(2) << 14;
        if (random.nextInt((control & 0x3f) == 0x3f ? 4 : 16) == 0) {
            status |= random.nextInt(128);
            status |= (status & ~control & 0x3f) != 0 ? 0x8080 : 0;
        }
        int notTheNext = ~(1 << ((status >> 11) - 1 & 7));
        int inUse = switch (random.nextInt(4)) {
            case 0 -> random.nextInt();
            case 1 -> -1;
            default -> notTheNext;
        };
        image.putShort(0, (short) control).putShort(2, (short) status).put(4, (byte) inUse);
        int mxcsr = MXCSR_DEFAULT | random.nextInt(4) << 13;
        if (random.nextInt(4) == 0) {
            mxcsr |= random.nextInt() & 0x807f;
        }
        if (random.nextInt(6) == 0) {
            mxcsr &= ~(random.nextInt(64) << 7);
        }
        image.putInt(24, mxcsr).putInt(28, 0xffff);
        for (int i = 0; i < 8; i++) {
            image.putLong(32 + 16 * i, significand()).putShort(40 + 16 * i, (short) exponent());
            if (i > 0 && random.nextInt(4) == 0) {
                image.putLong(32 + 16 * i, image.getLong(32) ^ (random.nextBoolean() ? 0 : 1L << random.nextInt(63)));
                image.putShort(40 + 16 * i, (short) (image.getShort(40) - random.nextInt(2) ^ random.nextInt(2) << 15));
            }
        }
        for (int i = 0; i < 32; i++) {
            image.putLong(160 + 8 * i, vector());
        }
    }

    private long significand() {
        return switch (random.nextInt(5)) {
            case 0 -> Long.MIN_VALUE;
            case 1 -> Long.MIN_VALUE | random.nextLong() & -1L << random.nextInt(63);
            case 2 -> EDGES[random.nextInt(EDGES.length)];
            default -> Long.MIN_VALUE | random.nextLong();
        };
    }

    private int exponent() {
        int sign = random.nextInt(2) << 15;
        return sign | switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> 0x7fff;
            case 2 -> random.nextInt(0x8000);
            default -> 16383 + random.nextInt(-70, 70);
        };
    }
}
