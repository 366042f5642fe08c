package io.scwatcher.memory.dump;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Pages of 4 KiB, of text, pointers, zeros and noise, that the reference programs compressed: liblzo2 2.10
 * (lzo1x_1_compress, each third lzo1x_999_compress), libsnappy 1.1.9, libzstd 1.5.4 at the levels 1, 3, 9 and 19.
 */
final class CompressedPages {
    static final int SIZE = 4096;

    /** @param crc32 of the page */
    record Page(int crc32, byte[] lzo, byte[] snappy, byte[] zstd) {}

    private CompressedPages() {}

    static List<Page> all() {
        try (InputStream resource = CompressedPages.class.getResourceAsStream("compressed-pages.bin");
                DataInputStream in = new DataInputStream(resource)) {
            List<Page> pages = new ArrayList<>();
            for (int count = in.readInt(); count > 0; count--) {
                int crc = in.readInt();
                int lzo = in.readInt();
                int snappy = in.readInt();
                int zstd = in.readInt();
                pages.add(new Page(crc, in.readNBytes(lzo), in.readNBytes(snappy), in.readNBytes(zstd)));
            }
            return pages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
