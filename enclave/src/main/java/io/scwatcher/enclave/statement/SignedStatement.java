package io.scwatcher.enclave.statement;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.ratls.Evidence;
import io.scwatcher.enclave.json.CanonicalJson;
import io.scwatcher.enclave.json.StrictObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * A statement with all that is needed to verify it later. As a file: one JSON object with the members below, in the one form that {@link CanonicalJson} writes, and a line feed.
 * A file that says the same in another form is malformed. Not believed.
 *
 * @param statement an object
 * @param signature ECDSA on P-256 with SHA-256, r and s of 32 bytes each, in hexadecimal, over {@link #PREFIX} and the statement's bytes
 * @param key the SubjectPublicKeyInfo of the enclave's key, in Base64
 * @param evidence about that key: CBOR 60000([quote, claims]) in Base64
 * @param collateral for the quote, as the enclave had it when it signed, in Base64; empty for a provisioned key
 */
public record SignedStatement(Statement statement, Bytes signature, Bytes key, Evidence evidence, Bytes collateral) {
    /** Whoever signs with this key for another purpose signs something else. */
    static final byte[] PREFIX = "scwatcher statement 1\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    static final int SIGNATURE_LENGTH = 64;

    /** @throws AttestationException STATEMENT_MALFORMED: the message says what is wrong */
    public static SignedStatement parse(byte[] file) throws AttestationException {
        SignedStatement signed;
        try {
            StrictObject top = StrictObject.parse("the statement", file);
            signed = new SignedStatement(Statement.parse(top.object("statement")), top.hexadecimal("signature", SIGNATURE_LENGTH), base64(top, "key"),
                    Evidence.parse(base64(top, "evidence")), base64(top, "collateral"));
            top.end();
        } catch (IOException e) {
            throw new AttestationException(Reason.STATEMENT_MALFORMED, e.getMessage());
        }
        if (!Arrays.equals(signed.encode(), file)) {
            throw new AttestationException(Reason.STATEMENT_MALFORMED, "the statement is not in its canonical form");
        }
        return signed;
    }

    private static Bytes base64(StrictObject from, String name) throws IOException {
        try {
            return Bytes.of(Base64.getDecoder().decode(from.string(name)));
        } catch (IllegalArgumentException e) {
            throw from.wrong(name, "is not Base64");
        }
    }

    /** The file. */
    public byte[] encode() {
        byte[] json = CanonicalJson.encode(Map.of("statement", statement.members(), "signature", signature.toString(), "key", base64(key),
                "evidence", base64(evidence.encode()), "collateral", base64(collateral)));
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }

    byte[] signedBytes() {
        return signedBytes(statement);
    }

    static byte[] signedBytes(Statement statement) {
        return Bytes.of(PREFIX).concat(Bytes.of(statement.canonical())).toArray();
    }
}
