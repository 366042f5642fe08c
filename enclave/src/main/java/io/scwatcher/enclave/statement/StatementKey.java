package io.scwatcher.enclave.statement;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.attestation.ratls.Evidence;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.channel.session.Role;
import io.scwatcher.channel.session.TlsIdentity;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/** The key with which this enclave, as long as it lives, signs statements. It never leaves the process; a quote of its own is about it. Thread-safe. */
public final class StatementKey {
    static final String ALGORITHM = "SHA256withECDSAinP1363Format";

    private final Prover prover;
    private final KeyPair keys = TlsIdentity.generateKeys();
    private Evidence evidence;

    /** @param prover asked at the first statement */
    public StatementKey(Prover prover) {
        this.prover = prover;
    }

    /** @throws AttestationException if there is no evidence to be had */
    public SignedStatement sign(Statement statement) throws AttestationException {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(keys.getPrivate());
            signature.update(SignedStatement.signedBytes(statement));
            Collateral collateral = prover.collateral().get();
            return new SignedStatement(statement, Bytes.of(signature.sign()), Bytes.of(keys.getPublic().getEncoded()), evidence(),
                    collateral == null ? Bytes.EMPTY : Bytes.of(collateral.toJson()));
        } catch (AttestationException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new AttestationException(Reason.PROVIDER_FAILED, "the statement cannot be signed: " + e.getMessage(), e);
        }
    }

    private synchronized Evidence evidence() throws AttestationException {
        if (evidence == null) {
            evidence = Evidence.of(prover.provider(), Claims.about(keys.getPublic(), Role.SIGNS_STATEMENTS.with(prover.claims())));
        }
        return evidence;
    }
}
