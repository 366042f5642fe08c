package io.scwatcher.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageTableEntryTest {
    private static final long HUGE = 2 << 20;

    @Test
    void tellsWhatThePagesBitsSay() {
        PageTable.Entry entry = entry(0x1234_5000L | 0x67 | 1L << 63, 4096);
        assertThat(entry.isPresent()).isTrue();
        assertThat(entry.isYoung()).isTrue();
        assertThat(entry.isDirty()).isTrue();
        assertThat(entry.isSpecial()).isFalse();
        assertThat(entry.physical()).isEqualTo(0x1234_5000L);
    }

    @Test
    void takesPagesThatNobodyMayReadForPresent() {
        assertThat(entry(0x1234_5000L | 1 << 8, 4096).isPresent()).isTrue();
    }

    @Test
    void ignoresTheLowBitsOfHugePages() {
        assertThat(entry(0x4020_0000L | 1 << 12 | 0xe7, HUGE).physical()).isEqualTo(0x4020_0000L);
    }

    @Test
    void readsTheDirtyBitThatIsSavedFromShadowStacks() {
        long bits = 0x1000 | 1 | 1L << 58;
        assertThat(new PageTable.Entry(0, bits, 4096, true).isDirty()).isTrue();
        assertThat(new PageTable.Entry(0, bits, 4096, false).isDirty()).isFalse();
    }

    @Test
    void readsSwapEntriesAsTheKernelWritesThem() {
        long type = 1;
        long offset = 0x4321;
        // __swp_entry: the offset inverted, shifted up and down past the type.
        long bits = ~offset << 14 >>> 5 | type << 59;
        PageTable.Entry entry = entry(bits & ~0x101L, 4096);
        assertThat(entry.isPresent()).isFalse();
        assertThat(entry.swapType()).isEqualTo(1);
        assertThat(entry.swapOffset()).isEqualTo(offset);
    }

    private static PageTable.Entry entry(long bits, long size) {
        return new PageTable.Entry(0x7000_0000L, bits, size, false);
    }
}
