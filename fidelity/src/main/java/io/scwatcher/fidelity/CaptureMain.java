package io.scwatcher.fidelity;

import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.TestbedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Makes captures: a guest's memory, and what it read of its own /proc just before and after, in one folder. With them,
 * vProcFS can be compared with the truth again and again without a guest.
 *
 * <p>{@code CaptureMain FOLDER GUEST}, where GUEST is the name of a running testbed guest
 */
public final class CaptureMain {
    private CaptureMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: CaptureMain FOLDER GUEST");
            System.exit(64);
        }
        try {
            capture(Guest.byName(arguments[1]), Path.of(arguments[0]));
        } catch (TestbedException | IOException failure) {
            System.err.println(failure.getMessage());
            System.exit(1);
        }
    }

    /**
     * Captures a guest into a folder, which is replaced when all is complete: {@code dump.elf}, {@code before.archive.gz},
     * {@code after.archive.gz}, {@code manifest.json}, {@code properties}. The guest goes on afterwards.
     */
    public static void capture(Guest guest, Path folder) throws IOException {
        Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
        delete(partial);
        Files.createDirectories(partial);
        long start = System.nanoTime();
        try (GuestWalk walk = GuestWalk.start(guest, cache(), List.of())) {
            long read = System.nanoTime();
            guest.pause();
            try {
                guest.dump(partial.resolve("dump.elf"));
            } finally {
                guest.resume();
            }
            long dumped = System.nanoTime();
            GuestWalk.Archives archives = walk.finish();
            write(archives.before(), partial.resolve("before.archive.gz"));
            write(archives.after(), partial.resolve("after.archive.gz"));
            System.err.printf("%s: read in %.1f s, dumped in %.1f s, read again and sent in %.1f s; %d nodes%n", folder,
                    (read - start) / 1e9, (dumped - read) / 1e9, (System.nanoTime() - dumped) / 1e9,
                    archives.before().nodes().size());
        }
        Files.writeString(partial.resolve("manifest.json"), guest.manifest());
        Files.writeString(partial.resolve("properties"), guest.properties() + "\n" + Instant.now() + "\n");
        delete(folder);
        Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The folder for the compiled reader and for bundles of guests' programs. */
    public static Path cache() {
        String base = System.getenv("XDG_CACHE_HOME");
        return (base == null || base.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(base))
                .resolve("scwatcher").resolve("fidelity");
    }

    private static void write(ProcArchive archive, Path file) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
            archive.write(out);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
