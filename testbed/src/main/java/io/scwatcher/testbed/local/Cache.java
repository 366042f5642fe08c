package io.scwatcher.testbed.local;

import io.scwatcher.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What is downloaded or built once and used by every guest: directories that appear complete or not at all. Several
 * processes may use one cache at the same time.
 *
 * @param directory where it lives; created on first use
 */
public record Cache(Path directory) {
    private static final String PARTIAL = ".partial-";
    private static final ConcurrentHashMap<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    /** Fills the given empty directory. */
    @FunctionalInterface
    public interface Builder {
        void build(Path emptyDirectory) throws IOException;
    }

    /** Something done while a lock is held. */
    @FunctionalInterface
    public interface Guarded<T> {
        T run() throws IOException;
    }

    /** The user's cache: {@code SCWATCHER_CACHE}, else {@code XDG_CACHE_HOME/scwatcher}, else {@code ~/.cache/scwatcher}. */
    public static Cache ofUser() {
        String own = System.getenv("SCWATCHER_CACHE");
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (own != null && !own.isBlank()) {
            return new Cache(Path.of(own));
        }
        return new Cache((xdg != null && !xdg.isBlank() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("scwatcher"));
    }

    /**
     * The entry of that name (which may contain slashes), built now if it does not exist yet. Others who want the same
     * entry meanwhile wait for it.
     */
    public Path entry(String name, Builder builder) {
        Path wanted = directory.resolve(name);
        if (Files.isDirectory(wanted)) {
            return wanted;
        }
        return locked(name, () -> {
            if (Files.isDirectory(wanted)) {
                return wanted;
            }
            Files.createDirectories(wanted.getParent());
            deleteAbandoned(wanted.getParent());
            Path partial = Files.createTempDirectory(wanted.getParent(), PARTIAL);
            try {
                builder.build(partial);
                Files.setPosixFilePermissions(partial, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
                publish(partial, wanted);
            } finally {
                deleteTree(partial);
            }
            return wanted;
        });
    }

    /** What a killed process left half built a day ago or longer. */
    private static void deleteAbandoned(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            for (Path entry : (Iterable<Path>) entries.filter(path -> path.getFileName().toString().startsWith(PARTIAL))::iterator) {
                if (Files.getLastModifiedTime(entry).toInstant().isBefore(Instant.now().minus(Duration.ofDays(1)))) {
                    deleteTree(entry);
                }
            }
        }
    }

    private static void publish(Path partial, Path wanted) throws IOException {
        try {
            Files.move(partial, wanted, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException | AtomicMoveNotSupportedException e) {
            if (!Files.isDirectory(wanted)) {
                throw e;
            }
        }
    }

    /** Runs the action while no other thread or process holds the lock of that name. */
    public <T> T locked(String name, Guarded<T> action) {
        Path file = directory.resolve("locks").resolve(name.replace('/', '_') + ".lock");
        ReentrantLock thread = IN_THIS_PROCESS.computeIfAbsent(file.toAbsolutePath(), ignored -> new ReentrantLock());
        thread.lock();
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock ignored = channel.lock()) {
                return action.run();
            }
        } catch (IOException | UncheckedIOException e) {
            throw new TestbedException("the cache " + directory + " cannot be used: " + e, e);
        } finally {
            thread.unlock();
        }
    }

    /** A short digest of the texts, for names of entries that depend on them. */
    public static String digest(Iterable<String> texts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                sha.update(text.getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Deletes a directory with all that is in it, if it exists. */
    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }
}
