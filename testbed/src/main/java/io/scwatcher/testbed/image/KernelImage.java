package io.scwatcher.testbed.image;

import io.scwatcher.testbed.TestbedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A kernel to boot.
 *
 * @param release as {@code uname -r} prints it
 * @param vmlinuz the compressed kernel
 * @param modules the directory {@code lib/modules/RELEASE} with uncompressed modules and depmod's files
 * @param modulesDisk an ext4 image with that directory in its root
 */
public record KernelImage(String release, Path vmlinuz, Path modules, Path modulesDisk) {
    /** The offsets of Documentation/arch/x86/boot.rst: the magic number, and the version's place less one sector. */
    private static final int HEADER = 0x202;
    private static final int KERNEL_VERSION = 0x20e;
    private static final int SECTOR = 0x200;
    private static final int HDRS = 0x53726448;
    /** The version lies within the setup code, which has at most 64 sectors. */
    private static final int LONGEST_SETUP = 65 * SECTOR;

    /**
     * The release of a kernel image (bzImage), from its setup header.
     *
     * @throws TestbedException if the file is none
     */
    static String releaseOf(Path vmlinuz) throws IOException {
        byte[] start;
        try (InputStream file = Files.newInputStream(vmlinuz)) {
            start = file.readNBytes(LONGEST_SETUP);
        }
        ByteBuffer setup = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        if (start.length > KERNEL_VERSION + 2 && setup.getInt(HEADER) == HDRS) {
            int version = Math.min(start.length, Short.toUnsignedInt(setup.getShort(KERNEL_VERSION)) + SECTOR);
            int end = version;
            while (end < start.length && start[end] > ' ') {
                end++;
            }
            String release = new String(start, version, end - version, StandardCharsets.ISO_8859_1);
            if (release.matches("[0-9][A-Za-z0-9.+_~-]{0,63}")) {
                return release;
            }
        }
        throw new TestbedException(vmlinuz + " is no x86 kernel image (bzImage): name the distribution's vmlinuz");
    }
}
