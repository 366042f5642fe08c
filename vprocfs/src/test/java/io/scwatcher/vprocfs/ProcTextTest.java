package io.scwatcher.vprocfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ProcTextTest {
    private static final long[] EDGES = {0, 1, 9, 10, 15, 16, 99, 100, -1, -9, -10, Long.MAX_VALUE, Long.MIN_VALUE,
        999_999_999_999_999_999L, 1_000_000_000_000_000_000L, 0xffff_ffffL, 1L << 63};

    @Test
    void numbersAreAsTheLibraryWritesThem() {
        for (long value : EDGES) {
            check(value);
        }
        long seed = System.nanoTime();
        System.out.println("ProcTextTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            check(random.nextLong() >> random.nextInt(Long.SIZE));
        }
    }

    private static void check(long value) {
        assertThat(new ProcText().dec(value).toString()).isEqualTo("%d".formatted(value));
        assertThat(new ProcText().dec(value, 12).toString()).isEqualTo("%12d".formatted(value));
        assertThat(new ProcText().unsigned(value).toString()).isEqualTo(Long.toUnsignedString(value));
        assertThat(new ProcText().unsigned(value, 8).toString()).isEqualTo("%8s".formatted(Long.toUnsignedString(value)));
        assertThat(new ProcText().hex(value).toString()).isEqualTo("%x".formatted(value));
        assertThat(new ProcText().hex(value, 16).toString()).isEqualTo("%016x".formatted(value));
        if (value >= 0) {
            assertThat(new ProcText().zeroPadded(value, 9).toString()).isEqualTo("%09d".formatted(value));
        }
    }

    @Test
    void growsAndIsReadInPieces() {
        ProcText text = new ProcText();
        for (int i = 0; i < 3000; i++) {
            text.dec(i % 10);
        }
        byte[] piece = new byte[1000];
        assertThat(text.read(2500, piece, 10, 900)).isEqualTo(500);
        assertThat(new String(piece, 10, 20)).isEqualTo("01234567890123456789");
        assertThat(text.read(0, piece, 0, 1000)).isEqualTo(1000);
        assertThat(text.read(3000, piece, 0, 10)).isZero();
        assertThat(text.read(-1, piece, 0, 10)).isZero();
    }
}
