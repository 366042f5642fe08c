package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.Bytes;
import java.security.PublicKey;
import java.security.cert.X509Certificate;

/**
 * A root that evidence may end in.
 *
 * @param keyDigest SHA-256 of the root's SubjectPublicKeyInfo, 32 bytes
 */
public record TrustAnchor(Kind kind, Bytes keyDigest) {
    /** Who stands behind a root. */
    public enum Kind {
        /** Intel's production root: quotes come from real processors. */
        INTEL,
        /** A simulated platform: quotes prove nothing to whoever doesn't trust the machine that made them. */
        SIMULATION
    }

    private static final Bytes INTEL_KEY = Bytes.ofHex("a0af031289f5d5d4132f9186068a7fc13628633ba235777472e29b6b6c67a49e");

    /** "Intel SGX Root CA", of 2018. */
    public static final TrustAnchor INTEL = new TrustAnchor(Kind.INTEL, INTEL_KEY);

    public TrustAnchor {
        if (kind == Kind.INTEL != keyDigest.equals(INTEL_KEY)) {
            throw new IllegalArgumentException("another root than Intel's cannot be Intel's, nor Intel's another's");
        }
    }

    /** @param root of a simulated platform */
    public static TrustAnchor simulation(X509Certificate root) {
        return new TrustAnchor(Kind.SIMULATION, digest(root.getPublicKey()));
    }

    boolean isKey(PublicKey key) {
        return keyDigest.equals(digest(key));
    }

    private static Bytes digest(PublicKey key) {
        return Bytes.sha256(key.getEncoded());
    }
}
