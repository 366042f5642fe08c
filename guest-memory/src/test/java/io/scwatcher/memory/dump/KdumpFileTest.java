package io.scwatcher.memory.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KdumpFileTest {
    private static final int PAGE = KdumpWriter.PAGE;

    @TempDir Path directory;

    private static byte[] page(long seed) {
        byte[] page = new byte[PAGE];
        new Random(seed).nextBytes(page);
        Arrays.fill(page, 1000, 3000, (byte) seed);
        return page;
    }

    private GuestMemory open(byte[] dump) throws Exception {
        return GuestMemories.open(Files.write(directory.resolve("dump"), dump).toString());
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "3,false", "5,false", "6,false", "1,true", "6,true"})
    void readsAllHeaderVersions(int version, boolean flattened) throws Exception {
        byte[] dump = new KdumpWriter(version)
                .zlib(0, page(1)).plain(1, page(2)).excluded(2).zlib(100_000, page(3)).excluded(100_001)
                .vmcoreinfo("OSRELEASE=y\n").bytes();
        try (GuestMemory memory = open(flattened ? KdumpWriter.flatten(dump) : dump)) {
            assertThat(memory.ram()).containsExactly(new PhysicalRange(0, 3 * PAGE),
                    new PhysicalRange(100_000L * PAGE, 2 * PAGE));
            byte[] got = new byte[3 * PAGE];
            assertThat(memory.read(0, got, 0, got.length)).isTrue();
            assertThat(Arrays.copyOf(got, PAGE)).isEqualTo(page(1));
            assertThat(Arrays.copyOfRange(got, PAGE, 2 * PAGE)).isEqualTo(page(2));
            assertThat(Arrays.copyOfRange(got, 2 * PAGE, 3 * PAGE)).containsOnly(0);
            assertThat(memory.read(100_000L * PAGE + 10, got, 0, PAGE)).isTrue();
            assertThat(Arrays.copyOf(got, PAGE - 10)).isEqualTo(Arrays.copyOfRange(page(3), 10, PAGE));
            assertThat(memory.read(3 * PAGE - 1, got, 0, 2)).isFalse();
            assertThat(memory.populated(new PhysicalRange(5, 200_000L * PAGE))).containsExactly(
                    new PhysicalRange(5, 2 * PAGE - 5), new PhysicalRange(100_000L * PAGE, PAGE));
            assertThat(memory.vmcoreinfo().isPresent()).isEqualTo(version >= 3);
        }
    }

    @Test
    void readsAllCompressions() throws Exception {
        KdumpWriter writer = new KdumpWriter(6);
        List<CompressedPages.Page> pages = CompressedPages.all();
        for (int i = 0; i < pages.size(); i++) {
            writer.compressed(3L * i, pages.get(i).lzo(), 2).compressed(3L * i + 1, pages.get(i).snappy(), 4)
                    .compressed(3L * i + 2, pages.get(i).zstd(), 0x20);
        }
        try (GuestMemory memory = open(writer.bytes())) {
            byte[] got = new byte[PAGE];
            for (int i = 0; i < 3 * pages.size(); i++) {
                assertThat(memory.read((long) i * PAGE, got, 0, PAGE)).isTrue();
                CRC32 crc = new CRC32();
                crc.update(got);
                assertThat((int) crc.getValue()).isEqualTo(pages.get(i / 3).crc32());
            }
        }
    }

    @Test
    void readsOneOfSeveralFiles() throws Exception {
        byte[] dump = new KdumpWriter(6).zlib(0, page(1)).zlib(5, page(2)).zlib(6, page(3)).zlib(9, page(4))
                .part(5, 7).bytes();
        try (GuestMemory memory = open(dump)) {
            assertThat(memory.ram()).containsExactly(new PhysicalRange(5 * PAGE, 2 * PAGE));
            byte[] got = new byte[PAGE];
            assertThat(memory.read(6 * PAGE, got, 0, PAGE)).isTrue();
            assertThat(got).isEqualTo(page(3));
        }
    }

    @Test
    void leavesOutTheZeroPageThatPagesShare() throws Exception {
        byte[] dump = new KdumpWriter(6).plain(0, new byte[PAGE]).plain(1, page(1)).bytes();
        try (GuestMemory memory = open(dump)) {
            assertThat(memory.populated(new PhysicalRange(0, 2 * PAGE)))
                    .containsExactly(new PhysicalRange(PAGE, PAGE));
        }
    }

    @Test
    void saysThatADumpIsTruncated() throws Exception {
        byte[] whole = new KdumpWriter(6).zlib(0, page(1)).zlib(9, page(2)).bytes();
        for (byte[] dump : List.of(whole, KdumpWriter.flatten(whole))) {
            for (int length = dump.length - 1; length > 16; length -= 511) {
                byte[] cut = Arrays.copyOf(dump, length);
                assertThatThrownBy(() -> {
                    try (GuestMemory memory = open(cut)) {
                        memory.read(0, new byte[PAGE], 0, PAGE);
                        memory.read(9 * PAGE, new byte[PAGE], 0, PAGE);
                    }
                }).isInstanceOf(GuestMemoryException.class).message().contains("dump").doesNotContain("\n");
            }
        }
    }
}
