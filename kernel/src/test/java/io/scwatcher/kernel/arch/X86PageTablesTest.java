package io.scwatcher.kernel.arch;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.memory.PhysicalMemory;
import io.scwatcher.kernel.memory.SyntheticRam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class X86PageTablesTest {
    private static final long USER = 0x7f12_3456_7000L;
    private static final long KERNEL = 0xffff_ffff_8120_0000L;
    private static final long FRAME = 0x000f_ffff_ffff_f000L;

    private final SyntheticRam ram = SyntheticRam.ofMebibytes(16);

    private long translate(X86TableBuilder builder, long virtual) {
        return builder.tables().translate(new PhysicalMemory(ram), builder.root(), virtual);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void translatesPagesOfAllSizes(int levels) {
        X86TableBuilder builder = new X86TableBuilder(ram, levels, 0x10_0000);
        builder.map(USER, 0x1234_5000, 1 << 12);
        builder.map(KERNEL, 0x4020_0000, 1 << 21);
        builder.map(0xffff_8880_0000_0000L, 0x1_4000_0000L, 1 << 30);
        assertThat(translate(builder, USER + 0xabc)).isEqualTo(0x1234_5abc);
        assertThat(translate(builder, KERNEL + 0x1f_ffff)).isEqualTo(0x403f_ffff);
        assertThat(translate(builder, 0xffff_8880_3fff_ffffL)).isEqualTo(0x1_7fff_ffffL);
        assertThat(translate(builder, USER + 0x1000)).isEqualTo(PageTables.UNMAPPED);
    }

    @Test
    void onlyFiveLevelsReachBeyond47Bits() {
        long high = 0xff11_0000_0000_0000L;
        X86TableBuilder five = new X86TableBuilder(ram, 5, 0x10_0000);
        five.map(high, 0x20_0000, 1 << 12);
        assertThat(translate(five, high + 1)).isEqualTo(0x20_0001);
        X86TableBuilder four = new X86TableBuilder(ram, 4, 0x20_0000);
        assertThat(translate(four, high)).isEqualTo(PageTables.UNMAPPED);
        assertThat(translate(four, 0x8000_0000_0000L)).isEqualTo(PageTables.UNMAPPED);
        assertThat(translate(five, 0x0100_0000_0000_0000L)).isEqualTo(PageTables.UNMAPPED);
    }

    @Test
    void aPageWithoutAccessIsStillThere() {
        X86TableBuilder builder = new X86TableBuilder(ram, 4, 0x10_0000);
        builder.entry(USER, 12, ~0x5678_9000L & FRAME | 0x100);
        builder.entry(USER + 0x1000, 12, 0x5678_9000L | 0x100);
        assertThat(translate(builder, USER + 5)).isEqualTo(0x5678_9005);
        assertThat(translate(builder, USER + 0x1005)).isEqualTo(0x5678_9005);
    }

    @Test
    void swappedOutAndMigratingPagesAreNotThere() {
        X86TableBuilder builder = new X86TableBuilder(ram, 4, 0x10_0000);
        long swapEntry = 2L << 59 | ~(0x1234L << 9) & 0x07ff_ffff_ffff_fe00L;
        builder.entry(USER, 12, swapEntry);
        assertThat(translate(builder, USER)).isEqualTo(PageTables.UNMAPPED);
        builder.entry(KERNEL, 21, swapEntry);
        assertThat(translate(builder, KERNEL)).isEqualTo(PageTables.UNMAPPED);
    }

    @Test
    void theEncryptionBitAndTheNoExecuteBitAreNoAddress() {
        X86TableBuilder builder = new X86TableBuilder(ram, 4, 0x10_0000);
        builder.entry(USER, 12, 0x5678_9000L | 1L << 63 | 1L << 47 | 1);
        PageTables tables = new X86PageTables(4, 1L << 47);
        assertThat(tables.translate(new PhysicalMemory(ram), builder.root(), USER)).isEqualTo(0x5678_9000);
    }

    @Test
    void tablesOutsideRamAndTablesThatContainThemselvesEndTheWalk() {
        X86TableBuilder builder = new X86TableBuilder(ram, 4, 0x10_0000);
        builder.entry(USER, 39, 0x7777_0000_0000L | 3);
        assertThat(translate(builder, USER)).isEqualTo(PageTables.UNMAPPED);
        X86TableBuilder circle = new X86TableBuilder(ram, 5, 0x20_0000);
        circle.entry(0, 48, circle.root() | 3);
        assertThat(translate(circle, 0x123)).isEqualTo(circle.root() | 0x123);
    }
}
