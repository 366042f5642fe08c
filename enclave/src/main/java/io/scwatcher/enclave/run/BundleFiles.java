package io.scwatcher.enclave.run;

import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.os.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/** Bundles by their path, opened once, and anew where the file was replaced. */
public final class BundleFiles implements BundleSource {
    private static final int EX_DATAERR = 65;

    private final Map<Path, OpenBundle> bundles = new HashMap<>();

    /** A bundle and the file's state when it was opened. */
    private record OpenBundle(Bundle bundle, FileTime modified, long size) {}

    @Override
    public synchronized Bundle open(String bundle) throws RefusedException {
        Path file = Path.of(bundle);
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            long size = Files.size(file);
            OpenBundle known = bundles.get(file);
            if (known == null || !known.modified().equals(modified) || known.size() != size) {
                known = new OpenBundle(Bundle.open(file), modified, size);
                bundles.put(file, known);
            }
            return known.bundle();
        } catch (IOException e) {
            throw new RefusedException(EX_DATAERR, e.getMessage());
        }
    }
}
