package io.scwatcher.channel.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.ratls.Attested;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.attestation.ratls.Evidence;
import io.scwatcher.attestation.ratls.Form;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.attestation.ratls.RaTlsVerifier.CollateralSource;
import io.scwatcher.channel.ChannelException;
import io.scwatcher.channel.tls.TlsChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * Attestation within an established TLS session: the verifier sends a nonce, the prover answers with evidence about this very session, the verifier with its decision.
 * Blobs have a length of 32 bits before them.
 */
public final class AttestedSession {
    private static final int NONCE_LENGTH = 32;
    private static final int MAX_STATEMENT = 1 << 16;
    private static final int MAX_CLAIMS = 1 << 14;
    private static final int MAX_COLLATERAL = 1 << 20;
    private static final int MAX_TEXT = 1 << 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private AttestedSession() {
    }

    /**
     * Proves this side.
     *
     * @throws AttestationException if there is no evidence to be had here
     * @throws ChannelException if the other side refuses it: the message says why
     */
    public static void prove(TlsChannel channel, Role role, Prover prover) throws IOException, AttestationException {
        Bytes nonce = Bytes.of(receive(channel, NONCE_LENGTH));
        Claims claims = SessionClaims.of(channel, role, nonce, prover.claims());
        Collateral collateral = prover.collateral().get();
        send(channel, new byte[] {(byte) (prover.provider().kind().isQuote() ? Form.INTEROPERABLE : Form.PROVISIONED).ordinal()},
                prover.provider().quote(claims.reportData()), claims.encoded().toArray(), collateral == null ? new byte[0] : collateral.toJson());
        String refusal = new String(receive(channel, MAX_TEXT), StandardCharsets.UTF_8);
        if (!refusal.isEmpty()) {
            throw new ChannelException("the other side refuses this enclave: " + refusal);
        }
    }

    /**
     * Verifies the other side, and tells it the decision.
     *
     * @throws AttestationException why it is refused
     */
    public static Attested verify(TlsChannel channel, Role role, RaTlsVerifier verifier) throws IOException, AttestationException {
        return verify(channel, role, verifier, null, attested -> attested);
    }

    /** What is left to be decided once evidence is known to be right, and about this session. */
    @FunctionalInterface
    public interface Judge<T> {
        /** @throws AttestationException why it is refused all the same */
        T judge(Attested attested) throws AttestationException;
    }

    /**
     * Verifies the other side, judges it, and tells it the decision.
     *
     * @param collateral null to take what the other side brings
     * @throws AttestationException why it is refused
     */
    public static <T> T verify(TlsChannel channel, Role role, RaTlsVerifier verifier, CollateralSource collateral, Judge<T> judge)
            throws IOException, AttestationException {
        byte[] random = new byte[NONCE_LENGTH];
        RANDOM.nextBytes(random);
        Bytes nonce = Bytes.of(random);
        send(channel, random);
        try {
            Form form = form(receive(channel, 1));
            Evidence evidence = new Evidence(form, Bytes.of(receive(channel, MAX_STATEMENT)), Bytes.of(receive(channel, MAX_CLAIMS)));
            byte[] brought = receive(channel, MAX_COLLATERAL);
            Attested attested = verifier.verify(evidence, SessionClaims.peer(channel), collateral != null ? collateral : _ -> Collateral.parse(brought), nonce);
            SessionClaims.check(channel, role, nonce, attested.claims());
            T decision = judge.judge(attested);
            send(channel, new byte[0]);
            return decision;
        } catch (AttestationException e) {
            send(channel, (e.reason() + ": " + e.getMessage()).getBytes(StandardCharsets.UTF_8));
            throw e;
        }
    }

    /** Gramine's legacy form has no claims, so that it cannot be bound to a session. */
    private static Form form(byte[] code) throws AttestationException {
        Form[] forms = {Form.INTEROPERABLE, Form.PROVISIONED};
        for (Form form : forms) {
            if (code.length == 1 && code[0] == form.ordinal()) {
                return form;
            }
        }
        throw new AttestationException(Reason.EVIDENCE_MALFORMED, "evidence of an unknown form");
    }

    private static void send(TlsChannel channel, byte[]... blobs) throws IOException {
        int length = 0;
        for (byte[] blob : blobs) {
            length += Integer.BYTES + blob.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] blob : blobs) {
            all.putInt(blob.length).put(blob);
        }
        channel.write(all.flip());
    }

    private static byte[] receive(TlsChannel channel, int limit) throws IOException {
        int length = fill(channel, ByteBuffer.allocate(Integer.BYTES)).getInt();
        if (length < 0 || length > limit) {
            throw new ChannelException("a message of " + Integer.toUnsignedString(length) + " bytes where at most " + limit + " are due");
        }
        return fill(channel, ByteBuffer.allocate(length)).array();
    }

    private static ByteBuffer fill(TlsChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new ChannelException("the connection ended before the other side was attested");
            }
        }
        return buffer.flip();
    }
}
