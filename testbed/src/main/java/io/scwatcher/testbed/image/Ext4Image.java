package io.scwatcher.testbed.image;

import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.List;
import java.util.stream.Stream;

/** Makes ext4 file systems from directories, without mounting anything. */
final class Ext4Image {
    private static final long SLACK = 64L << 20;

    private Ext4Image() {
    }

    /** Everything belongs to root in the image, whoever builds it. */
    static void create(Path image, Path content, String label) throws IOException {
        create(image, content, label, SLACK);
    }

    static void create(Path image, Path content, String label, long slack) throws IOException {
        long bytes;
        long files;
        try (Stream<Path> all = Files.walk(content)) {
            long[] sums = all.mapToLong(Ext4Image::roundedSize).collect(() -> new long[2], (sum, size) -> {
                sum[0] += size;
                sum[1]++;
            }, (a, b) -> {
                a[0] += b[0];
                a[1] += b[1];
            });
            bytes = sums[0];
            files = sums[1];
        }
        long size = (bytes + bytes / 8 + files * 512 + slack) >> 20;
        // A plain ext4 that every kernel since 4.19 mounts, whatever newer defaults of mke2fs are.
        HostCommand.run(null, Map.of("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin"),
                List.of("mke2fs", "-q", "-F", "-t", "ext4", "-L", label, "-N", Long.toString(files + files / 4 + 4096),
                        "-O", "^metadata_csum_seed,^orphan_file,^huge_file", "-E", "lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0",
                        "-m", "0", "-d", content.toString(), image.toString(), size + "M"))
                .orFail("making the file system " + image.getFileName());
        if (!System.getProperty("user.name").equals("root")) {
            giveToRoot(image, content);
        }
    }

    /** mke2fs takes over the builder's user id; debugfs corrects it in the image. */
    private static void giveToRoot(Path image, Path content) throws IOException {
        Path script = Files.createTempFile("testbed-owner", ".debugfs");
        try (Stream<Path> all = Files.walk(content)) {
            StringBuilder commands = new StringBuilder();
            for (Path path : (Iterable<Path>) all::iterator) {
                String name = "\"/" + content.relativize(path) + "\"";
                commands.append("sif ").append(name).append(" uid 0\nsif ").append(name).append(" gid 0\n");
            }
            Files.writeString(script, commands);
            HostCommand.run(null, Map.of("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin"),
                    List.of("debugfs", "-w", "-f", script.toString(), image.toString())).orFail("setting owners in " + image);
        } finally {
            Files.deleteIfExists(script);
        }
    }

    private static long roundedSize(Path path) {
        try {
            return Files.isRegularFile(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                    ? (Files.size(path) + 4095) / 4096 * 4096 : 4096;
        } catch (IOException e) {
            return 4096;
        }
    }
}
