package io.scwatcher.fidelity.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engines;
import io.scwatcher.os.Limits;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vfs.tree.Walk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged ELF files: each ends somehow, and the layer goes on. */
@Tag("slow")
class CorruptProgramTest {
    private static final int FILES = 3_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Test
    void damagedProgramsHarmNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path file = ToolBundle.ofPackages(List.of(), System.out::println);
        try (Bundle bundle = Bundle.open(file)) {
            byte[] program = Walk.read(bundle.root(), "/usr/bin/true", 1 << 20);
            MemoryDirectory root = new MemoryDirectory(new Attributes(FileType.DIRECTORY, 0755, 1, 2, 0, 0, 0, 0, 0))
                    .put("usr", Walk.resolve(bundle.root(), "usr")).put("lib", Walk.resolve(bundle.root(), "lib"))
                    .put("lib64", Walk.resolve(bundle.root(), "lib64")).put("bin", Walk.resolve(bundle.root(), "bin"));
            MemoryDirectory damaged = new MemoryDirectory(new Attributes(FileType.DIRECTORY, 0755, 2, 2, 0, 0, 0, 0, 0));
            for (int i = 0; i < FILES; i++) {
                byte[] bytes = damage(program, random);
                damaged.put("p" + i, new MemoryFile(new Attributes(FileType.REGULAR, 0755, 10 + i, 1, 0, 0, bytes.length, 0, 0), () -> bytes));
            }
            root.put("damaged", damaged);
            Limits limits = Limits.DEFAULT.withMemory(256 << 20).withProcesses(32).withOutput(1 << 20).withCpuNanos(2_000_000_000L);
            try (LayerRunner layer = new LayerRunner(root, Engines.mixed(), limits, null)) {
                int started = 0;
                for (int i = 0; i < FILES; i++) {
                    try {
                        layer.run(List.of("/damaged/p" + i), "/", new byte[0], PATIENCE);
                        started++;
                    } catch (SystemCallException e) {
                        // as execve(2) refuses what is no program
                    }
                    assertThat(layer.failures()).as("file %d of seed %d", i, seed).isEmpty();
                }
                System.out.printf("%d of %d could be started%n", started, FILES);
                assertThat(layer.run(List.of("/bin/echo", "usable"), "/", new byte[0], Duration.ofMinutes(1))).isEqualTo(new Outcome(0, "usable\n", ""));
                assertThat(layer.layer().processes().groups()).isEmpty();
            }
        }
    }

    /** A few bits flipped: half of the times in the headers, where the loader looks; sometimes the end is missing; sometimes code is random bytes. */
    private static byte[] damage(byte[] program, Random random) {
        byte[] bytes = random.nextInt(8) == 0 ? java.util.Arrays.copyOf(program, random.nextInt(program.length)) : program.clone();
        if (random.nextInt(8) == 0 && bytes.length > 0x3000) {
            for (int i = 0x2000; i < 0x3000; i++) {
                bytes[i] = (byte) random.nextInt();
            }
            return bytes;
        }
        int range = Math.min(bytes.length, random.nextBoolean() ? 64 + 56 * 13 : bytes.length);
        for (int flips = 1 + random.nextInt(8); flips > 0 && range > 0; flips--) {
            bytes[random.nextInt(range)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }
}
