package io.scwatcher.memory.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken dumps are refused with one line, or read as far as they go. */
@Timeout(120)
class DumpFuzzTest {
    private static final int ROUNDS = 1_000;

    @TempDir Path directory;

    static Stream<Arguments> dumps() {
        byte[] ram = new byte[0x3000];
        new Random(1).nextBytes(ram);
        byte[] page = Arrays.copyOf(ram, 4096);
        CompressedPages.Page stored = CompressedPages.all().getFirst();
        byte[] kdump = new KdumpWriter(6).zlib(0, page).compressed(1, stored.lzo(), 2).compressed(2, stored.snappy(), 4)
                .compressed(7, stored.zstd(), 0x20).excluded(8).vmcoreinfo("OSRELEASE=z").bytes();
        return Stream.of(
                Arguments.of("ELF64", new ElfWriter(true, ByteOrder.LITTLE_ENDIAN)
                        .note("VMCOREINFO", "A=1\n".getBytes()).load(0, ram).load(0x8000, page).bytes()),
                Arguments.of("ELF32", new ElfWriter(false, ByteOrder.LITTLE_ENDIAN)
                        .note("VMCOREINFO", "A=1\n".getBytes()).load(0, ram).load(0x8000, page).bytes()),
                Arguments.of("LiME", PlainDumpsTest.lime(0L, ram, 0x8000L, page)),
                Arguments.of("AVML", PlainDumpsTest.avml(0, page)),
                Arguments.of("kdump", kdump),
                Arguments.of("flattened kdump", KdumpWriter.flatten(kdump)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dumps")
    void survivesFlippedBits(String format, byte[] dump) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed of survivesFlippedBits " + format + ": " + seed);
        Random random = new Random(seed);
        int refused = 0;
        int opened = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] broken = dump.clone();
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                int within = random.nextInt(4) == 0 ? broken.length : Math.min(broken.length, random.nextBoolean() ? 600 : 9000);
                broken[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
            }
            Path file = Files.write(directory.resolve("broken"), broken);
            try (GuestMemory memory = GuestMemories.open(file.toString())) {
                opened++;
                byte[] bytes = new byte[4096];
                for (PhysicalRange block : memory.ram().subList(0, Math.min(20, memory.ram().size()))) {
                    memory.populated(block);
                    for (long at = block.start(); at < Math.min(block.end(), block.start() + 0x10000); at += 4000) {
                        memory.read(at, bytes, 0, (int) Math.min(4000, block.end() - at));
                    }
                }
            } catch (GuestMemoryException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isPositive();
        assertThat(opened).isPositive();
    }
}
