package io.scwatcher.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.kernel.arch.X86TableBuilder;
import io.scwatcher.memory.PhysicalRange;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagedMemoryTest {
    private static final long VIRTUAL = 0xffff_8880_1234_5000L;
    private static final long TABLES = 0x10_0000;

    private final SyntheticRam ram = SyntheticRam.ofMebibytes(64);

    private VirtualMemory space(X86TableBuilder tables) {
        return new PhysicalMemory(ram).addressSpace(tables.tables(), tables.root());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void readsAllWidthsAcrossAPageBoundaryWhosePagesAreApart(int levels) {
        X86TableBuilder tables = new X86TableBuilder(ram, levels, TABLES);
        tables.map(VIRTUAL, 0x20_0000, 4096);
        tables.map(VIRTUAL + 4096, 0x30_0000, 4096);
        for (int i = 0; i < 16; i++) {
            long at = VIRTUAL + 4096 - 8 + i;
            ram.put(i < 8 ? 0x20_0ff8 + i : 0x30_0000 + i - 8, new byte[] {(byte) (0xf0 + i)});
            assertThat(space(tables).u8(at)).isEqualTo(0xf0 + i);
        }
        VirtualMemory memory = space(tables);
        assertThat(memory.u16(VIRTUAL + 4095)).isEqualTo(0xf8f7);
        assertThat(memory.u32(VIRTUAL + 4094)).isEqualTo(0xf9f8f7f6L);
        assertThat(memory.u64(VIRTUAL + 4093)).isEqualTo(0xfcfb_faf9_f8f7_f6f5L);
        byte[] bytes = new byte[6];
        memory.read(VIRTUAL + 4093, bytes, 0, 6);
        assertThat(bytes).containsExactly(0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa);
    }

    @Test
    void readsSomeUpToTheFirstHole() {
        X86TableBuilder tables = new X86TableBuilder(ram, 4, TABLES);
        tables.map(VIRTUAL, 0x20_0000, 4096);
        VirtualMemory memory = space(tables);
        assertThat(memory.readSome(VIRTUAL + 4000, new byte[200], 0, 200)).isEqualTo(96);
        assertThat(memory.readSome(VIRTUAL + 4096, new byte[200], 0, 200)).isZero();
        assertThatThrownBy(() -> memory.read(VIRTUAL + 4000, new byte[200], 0, 200))
                .isInstanceOfSatisfying(MemoryFault.class, f -> assertThat(f.address()).isEqualTo(VIRTUAL + 4096));
        assertThat(memory.isMapped(VIRTUAL + 4095)).isTrue();
        assertThat(memory.isMapped(VIRTUAL + 4096)).isFalse();
    }

    @Test
    void stringsCrossPagesAndAreCutAtTheLimit() {
        X86TableBuilder tables = new X86TableBuilder(ram, 4, TABLES);
        tables.map(VIRTUAL, 0x20_0000, 4096);
        tables.map(VIRTUAL + 4096, 0x30_0000, 4096);
        byte[] text = "gr\u00fc\u00dfe, welt\0".getBytes(StandardCharsets.ISO_8859_1);
        ram.put(0x20_0000 + 4096 - 3, java.util.Arrays.copyOf(text, 3));
        ram.put(0x30_0000, java.util.Arrays.copyOfRange(text, 3, text.length));
        VirtualMemory memory = space(tables);
        assertThat(memory.string(VIRTUAL + 4093, 100)).isEqualTo("gr\u00fc\u00dfe, welt");
        assertThat(memory.string(VIRTUAL + 4093, 5)).isEqualTo("gr\u00fc\u00dfe");
        assertThat(memory.string(VIRTUAL + 4093, 3)).isEqualTo("gr\u00fc");
    }

    @Test
    void whatIsMappedToNoRamFaults() {
        X86TableBuilder tables = new X86TableBuilder(ram, 4, TABLES);
        tables.map(VIRTUAL, 0x1_0000_0000L, 4096);
        assertThat(space(tables).isMapped(VIRTUAL)).isFalse();
        assertThatThrownBy(() -> space(tables).u64(VIRTUAL)).isInstanceOf(MemoryFault.class);
    }

    @Test
    void anEpochSeesOneValueOfAPage() {
        X86TableBuilder tables = new X86TableBuilder(ram, 4, TABLES);
        tables.map(VIRTUAL, 0x20_0000, 4096);
        ram.putU64(0x20_0000, 1);
        PhysicalMemory epoch = new PhysicalMemory(ram);
        assertThat(epoch.addressSpace(tables.tables(), tables.root()).u64(VIRTUAL)).isEqualTo(1);
        ram.putU64(0x20_0000, 2);
        assertThat(epoch.addressSpace(tables.tables(), tables.root()).u64(VIRTUAL)).isEqualTo(1);
        assertThat(space(tables).u64(VIRTUAL)).isEqualTo(2);
    }

    @Test
    void prefetchNeedsOneRequestForEachTableLevelHoweverManyPages() {
        X86TableBuilder tables = new X86TableBuilder(ram, 5, TABLES);
        long[] addresses = new long[100];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = VIRTUAL + ((long) i << 21);
            tables.map(addresses[i], 0x100_0000 + i * 4096L, 4096);
            ram.putU64(0x100_0000 + i * 4096L, i);
        }
        VirtualMemory memory = space(tables);
        int before = ram.requests();
        memory.prefetch(addresses, addresses.length);
        assertThat(ram.requests() - before).isEqualTo(6);
        for (int i = 0; i < addresses.length; i++) {
            assertThat(memory.u64(addresses[i])).isEqualTo(i);
        }
        assertThat(ram.requests() - before).isEqualTo(6);
    }

    @Test
    void theLineCacheStaysBoundedAndRight() {
        LineCache cache = new LineCache(ram, 12, 100);
        for (int i = 0; i < 1000; i++) {
            ram.putU64(i * 4096L, i + 1);
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 1000; i++) {
                assertThat(cache.line(i * 4096L + 7)[0]).isEqualTo((byte) (i + 1));
            }
        }
        assertThat(cache.size()).isLessThanOrEqualTo(100);
        assertThat(cache.line(0x1_0000_0000L)).isNull();
        assertThat(cache.line(-1)).isNull();
    }

    @Test
    void readsLargeRunsByTheirPhysicalPieces() {
        X86TableBuilder tables = new X86TableBuilder(ram, 4, TABLES);
        for (int i = 0; i < 10; i++) {
            tables.map(VIRTUAL + i * 4096L, 0x20_0000 + (9 - i) * 4096L, 4096);
            ram.putU64(0x20_0000 + (9 - i) * 4096L + 8, i);
        }
        PhysicalMemory physical = new PhysicalMemory(ram);
        VirtualMemory memory = physical.addressSpace(tables.tables(), tables.root());
        byte[] bytes = new byte[9 * 4096];
        assertThat(physical.readUncached(memory, VIRTUAL + 8, bytes, bytes.length)).isTrue();
        for (int i = 0; i < 9; i++) {
            assertThat(bytes[i * 4096]).isEqualTo((byte) i);
        }
        assertThat(physical.readUncached(memory, VIRTUAL + 4096, new byte[9 * 4096 + 1], 9 * 4096 + 1)).isFalse();
    }

    @Test
    void ramWithAHoleIsReadOnBothSides() {
        SyntheticRam holed = new SyntheticRam(
                new PhysicalRange(0, 1 << 20), new PhysicalRange(1L << 32, 1 << 20));
        holed.putU64((1L << 32) + 16, 7);
        VirtualMemory flat = new PhysicalMemory(holed).flat();
        assertThat(flat.u64((1L << 32) + 16)).isEqualTo(7);
        assertThat(flat.isMapped(0xfffff)).isTrue();
        assertThat(flat.isMapped(0x100000)).isFalse();
    }
}
