package io.scwatcher.enclave.statement;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.ratls.Attested;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.channel.session.Role;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;

/** Whether a statement was signed inside an enclave that is good enough. Needs no network and no enclave. */
public final class StatementVerifier {
    private final RaTlsVerifier verifier;

    /** @param verifier its policy says which enclaves will do; a bundle that it demands would have to be claimed by the enclave, and not by the statement */
    public StatementVerifier(RaTlsVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * @param collateral null to take the statement's own
     * @throws AttestationException why it is refused
     */
    public Attested verify(SignedStatement signed, Collateral collateral) throws AttestationException {
        PublicKey key = key(signed.key());
        Attested enclave = verifier.verify(signed.evidence(), key, _ -> collateral != null ? collateral : Collateral.parse(signed.collateral().toArray()), null);
        if (!Role.SIGNS_STATEMENTS.isClaimed(enclave.claims())) {
            throw new AttestationException(Reason.CLAIMS_UNBOUND, "the evidence is about a key for something else than statements");
        }
        try {
            Signature signature = Signature.getInstance(StatementKey.ALGORITHM);
            signature.initVerify(key);
            signature.update(signed.signedBytes());
            if (signature.verify(signed.signature().toArray())) {
                return enclave;
            }
        } catch (GeneralSecurityException e) {
            // No signature of this key.
        }
        throw new AttestationException(Reason.STATEMENT_SIGNATURE_INVALID, "the statement is not signed by the enclave's key");
    }

    private static PublicKey key(Bytes encoded) throws AttestationException {
        try {
            PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded.toArray()));
            if (Bytes.of(key.getEncoded()).equals(encoded)) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            // Told below.
        }
        throw new AttestationException(Reason.STATEMENT_MALFORMED, "the statement's key is none");
    }
}
