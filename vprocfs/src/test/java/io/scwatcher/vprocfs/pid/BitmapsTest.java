package io.scwatcher.vprocfs.pid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BitmapsTest {
    @Test
    void printsAsManyDigitsAsThereAreBits() {
        assertThat(Bitmaps.hex(new long[] {0b11}, 2)).isEqualTo("3");
        assertThat(Bitmaps.hex(new long[] {0xff}, 8)).isEqualTo("ff");
        assertThat(Bitmaps.hex(new long[] {1}, 32)).isEqualTo("00000001");
        assertThat(Bitmaps.hex(new long[] {1}, 33)).isEqualTo("0,00000001");
        assertThat(Bitmaps.hex(new long[] {-1, 5}, 72)).isEqualTo("05,ffffffff,ffffffff");
        assertThat(Bitmaps.hex(new long[] {1, 0}, 128)).isEqualTo("00000000,00000000,00000000,00000001");
    }

    @Test
    void leavesOutBitsBeyondTheLast() {
        assertThat(Bitmaps.hex(new long[] {-1}, 3)).isEqualTo("7");
    }

    @Test
    void listsRanges() {
        assertThat(Bitmaps.list(new long[] {0}, 8)).isEmpty();
        assertThat(Bitmaps.list(new long[] {0b1}, 8)).isEqualTo("0");
        assertThat(Bitmaps.list(new long[] {0b1011_0111}, 8)).isEqualTo("0-2,4-5,7");
        assertThat(Bitmaps.list(new long[] {1L << 63, 1}, 128)).isEqualTo("63-64");
    }
}
