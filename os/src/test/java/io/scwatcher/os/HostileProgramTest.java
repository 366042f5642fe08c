package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Credentials;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** ELF files with random damage: they fail to start or die, and the layer doesn't notice. */
class HostileProgramTest {
    private static final int MUTANTS = 60;
    private static final int HEADERS = 64 + 10 * 56;

    @Test
    void damagedFilesDoNoHarm() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] sound = Files.readAllBytes(NativeAndLayer.program("greedy"));
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        Path directory = Files.createTempDirectory("mutants");
        try (Layer layer = TestPrograms.layer(failures).build()) {
            for (int i = 0; i < MUTANTS; i++) {
                byte[] mutant = sound.clone();
                for (int k = random.nextInt(8); k >= 0; k--) {
                    int at = random.nextInt(3) > 0 ? random.nextInt(HEADERS) : random.nextInt(mutant.length);
                    mutant[at] = (byte) (random.nextBoolean() ? random.nextInt() : mutant[at] ^ 1 << random.nextInt(8));
                }
                if (random.nextInt(10) == 0) {
                    mutant = java.util.Arrays.copyOf(mutant, random.nextInt(mutant.length));
                }
                Path file = Files.write(directory.resolve("mutant" + i), mutant);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                run(layer, file);
                assertThat(failures).as("seed %d, mutant %d", seed, i).isEmpty();
                Files.delete(file);
            }
            assertThat(TestPrograms.inLayer(layer, List.of("/bin/echo", "fine"), "").output()).isEqualTo("fine\n");
        }
        Files.delete(directory);
    }

    private static void run(Layer layer, Path file) throws InterruptedException {
        StandardStreams streams = StandardStreams.of(InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        Limits limits = new Limits(200_000_000, 32 << 20, 16, 1 << 20);
        try {
            layer.start(List.of(file.toString(), "huge"), List.of(), "/", streams, Credentials.root(), limits).waitForExit();
        } catch (SystemCallException e) {
            // ENOEXEC and its like: refused at once
        }
    }
}
