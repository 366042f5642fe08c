package io.scwatcher.attestation.simulation;

import io.scwatcher.attestation.Bytes;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where a simulated platform keeps its keys, so that it is the same one the next time. */
public interface SimulationStore {
    /** What was saved; null before that. */
    Bytes load() throws IOException;

    /**
     * Saves if nothing is there yet.
     *
     * @return what is there now, which may be somebody else's who was faster
     */
    Bytes save(Bytes content) throws IOException;

    /** Forgets with this object. */
    static SimulationStore inMemory() {
        return new SimulationStore() {
            private Bytes saved;

            @Override
            public synchronized Bytes load() {
                return saved;
            }

            @Override
            public synchronized Bytes save(Bytes content) {
                saved = saved == null ? content : saved;
                return saved;
            }
        };
    }

    /** A file that only its owner can read. Processes that make it at the same time agree on one. */
    static SimulationStore file(Path file) {
        return new SimulationStore() {
            @Override
            public Bytes load() throws IOException {
                try {
                    return Bytes.of(Files.readAllBytes(file));
                } catch (NoSuchFileException e) {
                    return null;
                }
            }

            @Override
            public Bytes save(Bytes content) throws IOException {
                Path directory = file.toAbsolutePath().getParent();
                Files.createDirectories(directory);
                Path written = Files.createTempFile(directory, ".simulation", null,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                try {
                    Files.write(written, content.toArray());
                    // Unlike a move, a link never replaces.
                    Files.createLink(file, written);
                    return content;
                } catch (FileAlreadyExistsException e) {
                    return load();
                } finally {
                    Files.delete(written);
                }
            }
        };
    }
}
