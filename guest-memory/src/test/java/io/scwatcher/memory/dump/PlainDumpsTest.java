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
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LiME and raw dumps. */
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
        byte[] cut = java.util.Arrays.copyOf(Files.readAllBytes(dump), (int) Files.size(dump) - 1);
        Files.write(dump, cut);
        assertThatThrownBy(() -> GuestMemories.open(dump.toString()))
                .isInstanceOf(GuestMemoryException.class).hasMessageContaining("truncated");
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
