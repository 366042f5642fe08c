package io.scwatcher.host.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.scwatcher.host.posix.Descriptor;
import io.scwatcher.host.posix.Mounts;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vfs.tree.MemoryLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real mounts, read by real tools. Needs /dev/fuse and root; about two seconds. */
@Tag("mount")
class FuseMountTest {
    @TempDir
    private Path directory;
    private final MemoryDirectory root = new MemoryDirectory(100);
    private final byte[] big = new byte[20_000_000];
    private final List<Throwable> unexpected = new ArrayList<>();
    private FuseMount mount;

    @BeforeEach
    void mount() throws IOException {
        assumeThat(Path.of("/dev/fuse")).as("/dev/fuse").exists();
        assumeThat(System.getProperty("user.name")).as("user").isEqualTo("root");
        new Random(7).nextBytes(big);
        root.put("version", new MemoryFile(101, "Linux version 6.1.0\n")).put("big", new MemoryFile(102, big))
                .put("self", new MemoryLink(103, "1"))
                .put("1", new MemoryDirectory(104).put("comm", new MemoryFile(105, "init\n")))
                .put("name\u00e4\u0001", new MemoryFile(106, ""));
        mount = FuseMount.mount(Tree.unchanging(root), directory, MountOptions.ofSource("vm"), unexpected::add);
    }

    @AfterEach
    void unmount() throws IOException {
        if (mount != null) {
            mount.close();
            assertThat(directory).as("after unmounting").isEmptyDirectory();
            assertThat(unexpected).isEmpty();
        }
    }

    @Test
    void showsFilesAsProcDoes() throws Exception {
        assertThat(directory.resolve("version")).hasSize(0).hasContent("Linux version 6.1.0\n");
        assertThat(output("cat", "self/comm")).isEqualTo("init\n");
        assertThat(output("ls", "-b")).isEqualTo("1\nbig\nname\\344\\001\nself\nversion\n");
        assertThat(output("stat", "-c", "%F %a %i %s %u", "version", "1", "self")).isEqualTo(
                "regular empty file 444 101 0 0\ndirectory 555 104 0 0\nsymbolic link 777 103 0 0\n");
        assertThat(output("sh", "-c", "echo x > version; touch new; mkdir d; rm version; cat none"))
                .contains("Read-only file system", "none: No such file or directory");
        assertThat(Files.readString(Path.of("/proc/mounts")))
                .contains("vm " + directory + " fuse.scwatcher ro,nosuid,nodev");
    }

    @Test
    void readsLargeFilesHoweverTheyAreRead() throws Exception {
        Path expected = Files.createTempFile("expected", "");
        try {
            Files.write(expected, big);
            assertThat(output("cmp", "big", expected.toString())).isEmpty();
            for (String shape : List.of("bs=1 skip=19990000 count=3000", "bs=7777 skip=2000", "bs=16M iflag=fullblock",
                    "bs=3M skip=6", "bs=1 skip=20000000", "bs=4096 skip=1 count=1")) {
                assertThat(output("bash", "-c", "cmp <(dd if=big " + shape + " status=none) <(dd if=" + expected + " "
                        + shape + " status=none)")).as(shape).isEmpty();
            }
        } finally {
            Files.delete(expected);
        }
    }

    @Test
    void servesManyReadersAtOnce() throws Exception {
        String sum = output("sh", "-c", "md5sum < big");
        List<Callable<String>> readers = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            readers.add(i % 3 == 0 ? () -> output("sh", "-c", "md5sum < big")
                    : () -> output("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do cat 1/comm version > /dev/null || echo failed;"
                            + " ls > /dev/null; done; md5sum < big"));
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(12)) {
            for (Future<String> reader : pool.invokeAll(readers)) {
                assertThat(reader.get()).isEqualTo(sum);
            }
        }
    }

    @Test
    void listsLargeDirectories() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            root.put("f" + i, new MemoryFile(1000 + i, ""));
        }
        assertThat(output("sh", "-c", "ls | wc -l").strip()).isEqualTo("20005");
        assertThat(output("sh", "-c", "find . -type f | sort -u | wc -l").strip()).isEqualTo("20004");
    }

    @Test
    void endsWhenSomebodyUnmountsIt() throws Exception {
        assertThat(output("umount", directory.toString())).contains("target is busy");
        new ProcessBuilder("umount", directory.toString()).start().waitFor();
        mount.await();
        mount.close();
    }

    @Test
    void closesWhileInUse() throws Exception {
        Process user = new ProcessBuilder("sleep", "60").directory(directory.resolve("1").toFile()).start();
        try {
            mount.close();
            assertThat(directory).isEmptyDirectory();
        } finally {
            user.destroyForcibly().waitFor();
        }
    }

    @Test
    void explainsDeadMounts() throws Exception {
        Path dead = Files.createTempDirectory("dead");
        try {
            try (Descriptor device = Descriptor.open("/dev/fuse", Descriptor.O_RDWR)) {
                Mounts.mount("dead", dead.toString(), "fuse", 0, "fd=" + device.number()
                        + ",rootmode=40000,user_id=0,group_id=0");
            } // as when its server is killed
            refuses(dead, "is a dead mount: whoever served it was killed. Remove it with: umount -l " + dead);
        } finally {
            Mounts.unmount(dead.toString(), Mounts.MNT_DETACH);
            Files.delete(dead);
        }
    }

    @Test
    void explainsDirectoriesThatCannotBeMountedOn() {
        refuses(directory.resolve("none"), "does not exist");
        refuses(directory.resolve("version"), "is not a directory");
    }

    private void refuses(Path target, String why) {
        assertThatThrownBy(() -> FuseMount.mount(Tree.unchanging(root), target, MountOptions.ofSource("vm"), e -> {}))
                .isInstanceOf(MountException.class).hasMessageContaining(why);
    }

    /** What a command prints, run in the mount. */
    private String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        process.waitFor();
        return text;
    }
}
