package io.scwatcher.testbed.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a cpio archive in the "newc" format, as the kernel's Documentation/driver-api/early-userspace/buffer-format.rst says. */
final class CpioArchive implements AutoCloseable {
    private static final int DIRECTORY = 0040755;
    private static final int EXECUTABLE = 0100755;
    private static final int CHARACTER_DEVICE = 0020600;

    private final OutputStream out;
    private int inode = 1;
    private long position;

    CpioArchive(OutputStream out) {
        this.out = out;
    }

    void directory(String name) throws IOException {
        entry(name, DIRECTORY, 0, 0, new byte[0]);
    }

    void file(String name, byte[] content) throws IOException {
        entry(name, EXECUTABLE, 0, 0, content);
    }

    void characterDevice(String name, int major, int minor) throws IOException {
        entry(name, CHARACTER_DEVICE, major, minor, new byte[0]);
    }

    private void entry(String name, int mode, int major, int minor, byte[] content) throws IOException {
        byte[] nameBytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
        int[] fields = {inode++, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, nameBytes.length, 0};
        StringBuilder header = new StringBuilder("070701");
        for (int field : fields) {
            header.append("%08X".formatted(field));
        }
        write(header.toString().getBytes(StandardCharsets.US_ASCII));
        write(nameBytes);
        align();
        write(content);
        align();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }

    private void align() throws IOException {
        while (position % 4 != 0) {
            out.write(0);
            position++;
        }
    }

    @Override
    public void close() throws IOException {
        entry("TRAILER!!!", 0, 0, 0, new byte[0]);
        out.close();
    }
}
