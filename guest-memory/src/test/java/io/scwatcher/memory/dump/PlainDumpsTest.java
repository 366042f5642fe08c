package io.scwatcher.memory.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LiME, AVML and raw dumps. */
class PlainDumpsTest {
    private static final long GIB = 1L << 30;

    @TempDir Path directory;

    static byte[] lime(Object... startsAndContents) {
        ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < startsAndContents.length; i += 2) {
            long start = (long) startsAndContents[i];
            byte[] content = (byte[]) startsAndContents[i + 1];
            out.putInt(0x4c694d45).putInt(1).putLong(start).putLong(start + content.length - 1).putLong(0).put(content);
        }
        byte[] dump = new byte[out.position()];
        out.get(0, dump);
        return dump;
    }

    @Test
    void readsEveryRangeOfALimeDump() throws Exception {
        byte[] low = new byte[0x9f000];
        byte[] high = new byte[0x3000];
        new Random(1).nextBytes(low);
        new Random(2).nextBytes(high);
        Path dump = Files.write(directory.resolve("memory.raw"), lime(0x1000L, low, 4 * GIB, high));
        try (GuestMemory memory = GuestMemories.open(dump.toString())) {
            assertThat(memory.ram()).containsExactly(
                    new PhysicalRange(0x1000, low.length), new PhysicalRange(4 * GIB, high.length));
            byte[] got = new byte[high.length];
            assertThat(memory.read(4 * GIB, got, 0, got.length)).isTrue();
            assertThat(got).isEqualTo(high);
            assertThat(memory.read(0, got, 0, 1)).isFalse();
        }
        byte[] cut = Arrays.copyOf(Files.readAllBytes(dump), (int) Files.size(dump) - 1);
        Files.write(dump, cut);
        assertThatThrownBy(() -> GuestMemories.open(dump.toString()))
                .isInstanceOf(GuestMemoryException.class).hasMessageContaining("truncated");
    }

    /** Frames of both kinds: pages that Snappy compressed, and bytes as they are. */
    static byte[] avml(long start, byte[] plain) {
        List<CompressedPages.Page> pages = CompressedPages.all();
        ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0x4c4d5641).putInt(2).putLong(start);
        out.putLong(start + plain.length + (long) pages.size() * CompressedPages.SIZE - 1).putLong(0);
        out.putInt(6 << 8 | 0xff).put("sNaPpY".getBytes());
        for (CompressedPages.Page page : pages) {
            out.putInt(page.snappy().length + 4 << 8).putInt(0).put(page.snappy());
        }
        out.putInt(3 << 8 | 0xfe).put(new byte[3]);
        out.putInt(plain.length + 4 << 8 | 1).putInt(0).put(plain);
        byte[] dump = new byte[out.position() + 8];
        out.get(0, dump, 0, out.position());
        return dump;
    }

    @Test
    void readsAnAvmlDump() throws Exception {
        byte[] plain = new byte[0x2000];
        new Random(1).nextBytes(plain);
        byte[] dump = avml(0x10_0000, plain);
        byte[] two = Arrays.copyOf(dump, dump.length + avml(0, plain).length);
        byte[] second = avml(4 * GIB, plain);
        System.arraycopy(second, 0, two, dump.length, second.length);
        Path file = Files.write(directory.resolve("avml"), two);
        long pages = (long) CompressedPages.all().size() * CompressedPages.SIZE;
        try (GuestMemory memory = GuestMemories.open(file.toString())) {
            assertThat(memory.ram()).containsExactly(new PhysicalRange(0x10_0000, pages + plain.length),
                    new PhysicalRange(4 * GIB, pages + plain.length));
            byte[] got = new byte[(int) pages + plain.length];
            assertThat(memory.read(4 * GIB, got, 0, got.length)).isTrue();
            assertThat(Arrays.copyOfRange(got, (int) pages, got.length)).isEqualTo(plain);
            for (int i = 0; i < pages / CompressedPages.SIZE; i++) {
                CRC32 crc = new CRC32();
                crc.update(got, i * CompressedPages.SIZE, CompressedPages.SIZE);
                assertThat((int) crc.getValue()).isEqualTo(CompressedPages.all().get(i).crc32());
            }
            byte[] part = new byte[5000];
            assertThat(memory.read(0x10_0000 + 3000, part, 0, part.length)).isTrue();
            assertThat(part).isEqualTo(Arrays.copyOfRange(got, 3000, 8000));
        }
    }

    private Path sparse(long size, long... marked) throws IOException {
        Path path = directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
            for (long at : marked) {
                file.seek(at);
                file.writeLong(at);
            }
        }
        return path;
    }

    private static long read(GuestMemory memory, long address) {
        byte[] got = new byte[8];
        assertThat(memory.read(address, got, 0, 8)).isTrue();
        return ByteBuffer.wrap(got).getLong();
    }

    @Test
    void readsARawImage() throws Exception {
        Path image = sparse(5 * GIB, 0x1000, 4 * GIB);
        try (GuestMemory memory = GuestMemories.open(image.toString())) {
            assertThat(memory.ram()).containsExactly(new PhysicalRange(0, 5 * GIB));
            assertThat(read(memory, 4 * GIB)).isEqualTo(4 * GIB);
            assertThat(read(memory, 3 * GIB)).isZero();
            assertThat(memory.populated(new PhysicalRange(0, 5 * GIB)))
                    .containsExactly(new PhysicalRange(0x1000, 0x1000), new PhysicalRange(4 * GIB, 0x1000));
        }
    }

    @Test
    void putsAHoleIntoARawImage() throws Exception {
        Path image = sparse(3 * GIB, 0x1000, 2 * GIB);
        try (GuestMemory memory = GuestMemories.open(image + ",low=2G")) {
            assertThat(memory.ram()).containsExactly(
                    new PhysicalRange(0, 2 * GIB), new PhysicalRange(4 * GIB, GIB));
            assertThat(read(memory, 4 * GIB)).isEqualTo(2 * GIB);
        }
        List<GuestMemory> candidates = GuestMemories.candidates(image.toString());
        assertThat(candidates).extracting(memory -> memory.ram().getLast().end()).containsExactly(3 * GIB, 5 * GIB);
        candidates.getFirst().close();
        assertThat(read(candidates.getLast(), 4 * GIB)).isEqualTo(2 * GIB);
        candidates.getLast().close();
        assertThatThrownBy(() -> GuestMemories.open(image + ",low=7G")).isInstanceOf(GuestMemoryException.class);
    }

    @Test
    void refusesWhatIsNoDump() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "hello");
        for (String vm : List.of(text.toString(), directory.toString(), directory.resolve("none").toString(), "")) {
            assertThatThrownBy(() -> GuestMemories.open(vm)).isInstanceOf(GuestMemoryException.class)
                    .message().doesNotContain("\n");
        }
    }

    @Test
    void saysThatAFileBecameShorter() throws Exception {
        Path image = sparse(1 << 20, 0x1000);
        try (GuestMemory memory = GuestMemories.open(image.toString())) {
            assertThat(read(memory, 0x1000)).isEqualTo(0x1000);
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(0);
            }
            assertThatThrownBy(() -> read(memory, 0x1000)).isInstanceOf(GuestMemoryException.class)
                    .hasMessageContaining("shorter");
        }
    }
}
