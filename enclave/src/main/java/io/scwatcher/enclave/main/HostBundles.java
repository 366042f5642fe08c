package io.scwatcher.enclave.main;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.enclave.run.BundleSource;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.os.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Bundles by their digest, from files of the host: what is not the bundle of that digest is refused, and each file in it is checked when it is read. */
final class HostBundles implements BundleSource {
    private static final int EX_DATAERR = 65;
    private static final int EX_NOPERM = 77;

    private final Path directory;
    private final Requirement<Bytes> allowed;
    private final Map<String, Bundle> open = new HashMap<>();

    HostBundles(Path directory, Requirement<Bytes> allowed) {
        this.directory = directory;
        this.allowed = allowed;
    }

    @Override
    public synchronized Bundle open(String digest) throws RefusedException {
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new RefusedException(EX_DATAERR, "not a bundle's digest: " + digest);
        }
        if (!allowed.accepts(Bytes.ofHex(digest))) {
            throw new RefusedException(EX_NOPERM, "this enclave's configuration does not allow the bundle " + digest);
        }
        Bundle known = open.get(digest);
        if (known == null) {
            known = verified(digest);
            open.put(digest, known);
        }
        return known;
    }

    private Bundle verified(String digest) throws RefusedException {
        try {
            Bundle bundle = Bundle.open(directory.resolve(digest));
            if (!bundle.digest().equals(digest)) {
                bundle.close();
                throw new RefusedException(EX_DATAERR, "the host's bundle " + digest + " is another one: its digest is " + bundle.digest());
            }
            return bundle;
        } catch (IOException e) {
            throw new RefusedException(EX_DATAERR, e.getMessage());
        }
    }
}
