package io.scwatcher.memory.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CompressionTest {
    private interface Decompressor {
        byte[] decompress(byte[] input, int limit) throws CorruptDataException;
    }

    static Stream<Arguments> formats() {
        return Stream.of(
                format("LZO", CompressedPages.Page::lzo, Lzo::decompress),
                format("Snappy", CompressedPages.Page::snappy, Snappy::decompress),
                format("Zstandard", CompressedPages.Page::zstd, Zstd::decompress));
    }

    private static Arguments format(
            String name, Function<CompressedPages.Page, byte[]> compressed, Decompressor decompressor) {
        return Arguments.of(name, compressed, decompressor);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void decompressesWhatTheReferenceProgramWrote(
            String name, Function<CompressedPages.Page, byte[]> compressed, Decompressor decompressor) throws Exception {
        for (CompressedPages.Page page : CompressedPages.all()) {
            CRC32 crc = new CRC32();
            crc.update(decompressor.decompress(compressed.apply(page), CompressedPages.SIZE));
            assertThat((int) crc.getValue()).isEqualTo(page.crc32());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void survivesBrokenData(
            String name, Function<CompressedPages.Page, byte[]> compressed, Decompressor decompressor) {
        long seed = System.nanoTime();
        System.out.println("seed of survivesBrokenData " + name + ": " + seed);
        Random random = new Random(seed);
        List<CompressedPages.Page> pages = CompressedPages.all();
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] data = compressed.apply(pages.get(random.nextInt(pages.size()))).clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                data[random.nextInt(random.nextBoolean() ? data.length : Math.min(16, data.length))] ^=
                        (byte) (1 << random.nextInt(8));
            }
            if (random.nextInt(4) == 0) {
                data = Arrays.copyOf(data, random.nextInt(data.length + 1));
            }
            try {
                assertThat(decompressor.decompress(data, CompressedPages.SIZE)).hasSizeLessThanOrEqualTo(4096);
            } catch (CorruptDataException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
