package io.scwatcher.testbed.local;

import io.scwatcher.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Where running guests keep their sockets, logs and state: one directory each. */
public final class RunDirectory {
    private RunDirectory() {
    }

    /**
     * The directory of all guests: {@code SCWATCHER_RUN}, else {@code XDG_RUNTIME_DIR/scwatcher}, else a directory of the
     * user's in /tmp. Socket paths must stay below 108 bytes, so it is short.
     */
    public static Path guests() {
        String own = System.getenv("SCWATCHER_RUN");
        String xdg = System.getenv("XDG_RUNTIME_DIR");
        Path base = own != null && !own.isBlank() ? Path.of(own)
                : xdg != null && !xdg.isBlank() && Files.isWritable(Path.of(xdg)) ? Path.of(xdg, "scwatcher")
                : Path.of("/tmp", "scwatcher-" + System.getProperty("user.name"));
        Path guests = base.toAbsolutePath().resolve("guests");
        try {
            Files.createDirectories(guests, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (!Files.getOwner(guests).getName().equals(System.getProperty("user.name"))) {
                throw new TestbedException(guests + " belongs to another user: set SCWATCHER_RUN to a directory of your own");
            }
        } catch (IOException e) {
            throw new TestbedException("cannot use " + guests + ": " + e.getMessage() + "; set SCWATCHER_RUN to a directory", e);
        }
        return guests;
    }

    /** The directories of the guests, running or left behind, by name. */
    public static List<Path> all() {
        try (Stream<Path> directories = Files.list(guests())) {
            return directories.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new TestbedException("cannot read " + guests() + ": " + e.getMessage(), e);
        }
    }
}
