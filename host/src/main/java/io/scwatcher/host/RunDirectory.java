package io.scwatcher.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where this user's sockets and what belongs to running processes lies: directories that nobody else may enter. */
public final class RunDirectory {
    /** {@code sun_path} of struct sockaddr_un, with its terminating byte. */
    private static final int LONGEST_SOCKET = 107;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private RunDirectory() {}

    /** The directory for one kind of thing; it need not exist. */
    public static Path of(String kind) {
        String own = System.getenv("SCWATCHER_RUN");
        String xdg = System.getenv("XDG_RUNTIME_DIR");
        Path base = own != null && !own.isBlank() ? Path.of(own)
                : xdg != null && Files.isWritable(Path.of(xdg)) ? Path.of(xdg, "scwatcher")
                : Path.of("/tmp", "scwatcher-" + System.getProperty("user.name"));
        return base.toAbsolutePath().resolve(kind);
    }

    /**
     * Makes such a directory.
     *
     * @return the same
     * @throws IOException one line: why it cannot be used
     */
    public static Path make(Path directory) throws IOException {
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            if (!Files.getOwner(directory).getName().equals(System.getProperty("user.name"))) {
                throw new IOException(directory + " belongs to another user: set SCWATCHER_RUN to a directory of your own");
            }
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
            return directory;
        } catch (FileSystemException e) {
            throw new IOException("cannot use " + directory + ": it cannot be made, or entered; set SCWATCHER_RUN to a directory of your own", e);
        }
    }

    /** @throws IOException one line: if the path is too long for a Unix socket */
    public static Path socket(Path path) throws IOException {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET) {
            throw new IOException(path + " is too long for a socket: set SCWATCHER_RUN to a shorter directory");
        }
        return path;
    }
}
