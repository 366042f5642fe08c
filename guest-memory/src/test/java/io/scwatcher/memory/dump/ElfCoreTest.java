package io.scwatcher.memory.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ElfCoreTest {
    @TempDir Path directory;

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Stream<Arguments> layouts() {
        return Stream.of(Arguments.of(true, ByteOrder.LITTLE_ENDIAN), Arguments.of(true, ByteOrder.BIG_ENDIAN),
                Arguments.of(false, ByteOrder.LITTLE_ENDIAN), Arguments.of(false, ByteOrder.BIG_ENDIAN));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void mapsSegmentsByPhysicalAddress(boolean wide, ByteOrder order) throws Exception {
        byte[] low = random(0x3000, 1);
        byte[] high = random(0x2000, 2);
        Path dump = new ElfWriter(wide, order)
                .note("VMCOREINFO", "OSRELEASE=x\n".getBytes())
                .load(0x8000_0000L, high)
                .load(0, low)
                .write(directory.resolve("any.name"));
        try (GuestMemory memory = GuestMemories.open(dump.toString())) {
            assertThat(memory.ram()).containsExactly(
                    new PhysicalRange(0, 0x3000), new PhysicalRange(0x8000_0000L, 0x2000));
            assertThat(memory.vmcoreinfo()).hasValueSatisfying(n -> assertThat(n).asString().isEqualTo("OSRELEASE=x\n"));
            assertThat(memory.isLive()).isFalse();
            assertThat(memory.control()).isEmpty();
            byte[] got = new byte[0x1801];
            assertThat(memory.read(0x8000_07ffL, got, 0, got.length)).isTrue();
            assertThat(got).isEqualTo(Arrays.copyOfRange(high, 0x7ff, 0x2000));
            assertThat(memory.read(0x2fff, got, 0, 2)).isFalse();
            assertThat(memory.read(0x7fff_ffffL, got, 0, 2)).isFalse();
            assertThat(memory.read(-1, got, 0, 2)).isFalse();
        }
    }

    @Test
    void joinsSegmentsThatShowTheSameRamAtSeveralVirtualAddresses() throws Exception {
        byte[] ram = random(0x5000, 3);
        Path dump = new ElfWriter(true, ByteOrder.LITTLE_ENDIAN)
                .load(0x1000, Arrays.copyOfRange(ram, 0x1000, 0x3000))
                .load(0x2000, Arrays.copyOfRange(ram, 0x2000, 0x5000))
                .load(0, Arrays.copyOfRange(ram, 0, 0x1000))
                .load(0xfee0_0000L, new byte[0], 0x1000)
                .load(-1, new byte[0x1000])
                .write(directory.resolve("paging"));
        try (GuestMemory memory = GuestMemories.open(dump.toString())) {
            assertThat(memory.ram()).containsExactly(new PhysicalRange(0, 0x5000));
            byte[] got = new byte[0x5000];
            assertThat(memory.read(0, got, 0, got.length)).isTrue();
            assertThat(got).isEqualTo(ram);
        }
    }

    @Test
    void countsMoreSegmentsThanTheHeaderFieldHolds() throws Exception {
        ElfWriter writer = new ElfWriter(true, ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 70_000; i++) {
            writer.load(i * 0x2000L, new byte[] {(byte) i});
        }
        try (GuestMemory memory = GuestMemories.open(writer.write(directory.resolve("many")).toString())) {
            assertThat(memory.ram()).hasSize(70_000);
            ScatterRead batch = new ScatterRead(2);
            byte[] got = new byte[2];
            batch.add(69_999 * 0x2000L, got, 0, 1);
            batch.add(69_999 * 0x2000L + 1, got, 1, 1);
            memory.read(batch);
            assertThat(batch.isRead(0)).isTrue();
            assertThat(batch.isRead(1)).isFalse();
            assertThat(got[0]).isEqualTo((byte) 69_999);
        }
    }

    @Test
    void saysThatADumpIsTruncated() throws Exception {
        byte[] whole = new ElfWriter(true, ByteOrder.LITTLE_ENDIAN).load(0, random(0x4000, 4)).bytes();
        for (int length = 0; length < whole.length; length += length < 200 ? 1 : 997) {
            Path dump = Files.write(directory.resolve("cut"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> GuestMemories.open(dump.toString()).close())
                    .isInstanceOf(GuestMemoryException.class)
                    .message().contains("cut").doesNotContain("\n");
        }
    }
}
