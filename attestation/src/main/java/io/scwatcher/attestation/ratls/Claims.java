package io.scwatcher.attestation.ratls;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.encoding.Cbor;
import io.scwatcher.attestation.encoding.CborWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an enclave says about itself beside its quote, and what the quote is about: REPORTDATA is SHA-256 of the claims' CBOR and 32
 * zeros (Interoperable RA-TLS, "Custom claims"). Claims of our own stand beside those of the specification.
 */
public final class Claims {
    /** Which key the enclave has: CBOR [algorithm, digest of its SubjectPublicKeyInfo]. */
    public static final String PUBLIC_KEY_HASH = "pubkey-hash";
    /** What a verifier sent to be sure that the quote is new. */
    public static final String NONCE = "nonce";
    /** SHA-256 of the tools' bundle: our own. */
    public static final String BUNDLE = "scwatcher-bundle";
    /** SHA-256 of the enclave's configuration file: our own. */
    public static final String CONFIGURATION = "scwatcher-configuration";

    /** Digests by their numbers in IANA's Named Information Hash Algorithm Registry. */
    private static final Map<Integer, String> ALGORITHMS = Map.of(1, "SHA-256", 7, "SHA-384", 8, "SHA-512");
    private static final int SHA_256 = 1;

    private final Map<String, Bytes> values;
    private final Bytes encoded;

    private Claims(Map<String, Bytes> values, Bytes encoded) {
        this.values = Map.copyOf(values);
        this.encoded = encoded;
    }

    /** @param values by name; what a name means both sides have agreed on */
    public static Claims of(Map<String, Bytes> values) {
        List<CborWriter.Entry> entries = new ArrayList<>();
        values.forEach((name, value) -> entries.add(new CborWriter.Entry(CborWriter.text(name), CborWriter.octets(value))));
        return new Claims(values, CborWriter.map(entries));
    }

    /** Claims of a key's owner. */
    public static Claims about(PublicKey key, Map<String, Bytes> more) {
        Map<String, Bytes> values = new TreeMap<>(more);
        values.put(PUBLIC_KEY_HASH,
                CborWriter.array(CborWriter.number(SHA_256), CborWriter.octets(Bytes.sha256(key.getEncoded()))));
        return of(values);
    }

    /**
     * Reads a map from names to byte strings. Values of other kinds, which a stranger's claims may have, are left out; that they were
     * claimed is bound to the quote all the same.
     *
     * @throws AttestationException EVIDENCE_MALFORMED
     */
    public static Claims parse(Bytes encoded) throws AttestationException {
        Map<String, Bytes> values = new TreeMap<>();
        Cbor.parse(encoded).entries().forEach((name, value) -> {
            if (value instanceof Cbor.Octets(Bytes octets)) {
                values.put(name, octets);
            }
        });
        return new Claims(values, encoded);
    }

    /** CBOR, as it was read or in its deterministic form. */
    public Bytes encoded() {
        return encoded;
    }

    /** By name, in no particular order. */
    public Map<String, Bytes> values() {
        return values;
    }

    /** Null if it is not claimed. */
    public Bytes value(String name) {
        return values.get(name);
    }

    /** What a quote about these claims has as its report data, 64 bytes. */
    public Bytes reportData() {
        return Bytes.sha256(encoded.toArray()).concat(Bytes.zeros(32));
    }

    /** @throws AttestationException KEY_UNBOUND if the claims are not about this key, EVIDENCE_MALFORMED if about no key */
    void requireKey(PublicKey key) throws AttestationException {
        Bytes hash = values.get(PUBLIC_KEY_HASH);
        if (hash == null) {
            throw new AttestationException(Reason.KEY_UNBOUND, "the claims name no key");
        }
        List<Cbor> parts = Cbor.parse(hash).items(2);
        String algorithm = ALGORITHMS.get(parts.getFirst().number());
        if (algorithm == null) {
            throw new AttestationException(Reason.KEY_UNBOUND, "the claims name their key by digest algorithm " + parts.getFirst().number());
        }
        try {
            if (parts.getLast().octets().equals(Bytes.of(MessageDigest.getInstance(algorithm).digest(key.getEncoded())))) {
                return;
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
        throw new AttestationException(Reason.KEY_UNBOUND, "the claims are about another key than the certificate's");
    }

    /** @throws AttestationException NONCE_MISMATCH */
    void requireNonce(Bytes nonce) throws AttestationException {
        Bytes claimed = values.get(NONCE);
        if (!nonce.equals(claimed)) {
            throw new AttestationException(Reason.NONCE_MISMATCH,
                    claimed == null ? "the claims have no nonce" : "the claims have another nonce, so that the quote may be old");
        }
    }
}
