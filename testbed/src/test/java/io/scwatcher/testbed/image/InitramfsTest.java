package io.scwatcher.testbed.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitramfsTest {
    @Test
    void loadsModulesAfterWhatTheyDependOn(@TempDir Path modules) throws IOException {
        Files.writeString(modules.resolve("modules.dep"), """
                kernel/fs/jbd2/jbd2.ko:
                kernel/fs/mbcache.ko:
                kernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko kernel/fs/mbcache.ko
                kernel/drivers/virtio/virtio.ko:
                kernel/drivers/virtio/virtio_ring.ko: kernel/drivers/virtio/virtio.ko
                kernel/drivers/virtio/virtio_pci.ko: kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko
                kernel/drivers/block/virtio-blk.ko: kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko
                kernel/drivers/other.ko:
                """);
        assertThat(Initramfs.loadOrder(modules)).extracting(path -> path.getFileName().toString())
                .containsSubsequence("virtio.ko", "virtio_ring.ko", "virtio_pci.ko", "virtio-blk.ko", "ext4.ko")
                .containsSubsequence("jbd2.ko", "ext4.ko").containsSubsequence("mbcache.ko", "ext4.ko")
                .doesNotContain("other.ko").doesNotHaveDuplicates();
    }

    @Test
    void writesTheNewAsciiFormat() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CpioArchive archive = new CpioArchive(out)) {
            archive.directory("d");
            archive.file("d/f", "12345".getBytes(StandardCharsets.US_ASCII));
            archive.characterDevice("d/c", 5, 1);
        }
        String text = out.toString(StandardCharsets.ISO_8859_1);
        assertThat(text).startsWith("070701").contains("d/f\0").contains("12345").contains("TRAILER!!!");
        int file = text.indexOf("070701", 6);
        assertThat(text.substring(file + 14, file + 22)).as("mode").isEqualTo("000081ED");
        assertThat(text.substring(file + 54, file + 62)).as("file size").isEqualTo("00000005");
        assertThat(text.substring(file + 94, file + 102)).as("name size").isEqualTo("00000004");
        assertThat(file % 4).isZero();
        assertThat(text.length() % 4).isZero();
    }
}
