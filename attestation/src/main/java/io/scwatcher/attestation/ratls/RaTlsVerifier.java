package io.scwatcher.attestation.ratls;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Certificates;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.dcap.Verdict;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.provider.ProvisionedStatement;
import io.scwatcher.attestation.quote.Quote;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Verifies certificates that carry evidence: that it is about the certificate's key, and that a policy accepts it. That the peer has the
 * key, TLS proves; that the evidence is new, a nonce does, or claims that bind it to the session.
 */
public final class RaTlsVerifier {
    private final DcapVerifier dcap;
    private final Policy policy;
    private final List<X509Certificate> provisioners;
    private final Clock clock;

    /**
     * @param provisioners authorities whose provisioned keys count as attested; mostly none
     * @param clock tells whether certificates are in force
     */
    public RaTlsVerifier(DcapVerifier dcap, Policy policy, Collection<X509Certificate> provisioners, Clock clock) {
        this.dcap = dcap;
        this.policy = policy;
        this.provisioners = List.copyOf(provisioners);
        this.clock = clock;
    }

    /** Where collateral for a quote comes from. */
    @FunctionalInterface
    public interface CollateralSource {
        Collateral collateral(Quote quote) throws AttestationException;
    }

    /**
     * @param certificate in DER
     * @param nonce that the claims must have; null if none was sent
     */
    public Attested verify(byte[] certificate, CollateralSource collateral, Bytes nonce) throws AttestationException {
        X509Certificate parsed = Certificates.parse(certificate);
        Evidence evidence = Evidence.in(parsed);
        checkCertificate(parsed);
        return verify(evidence, parsed.getPublicKey(), collateral, nonce);
    }

    /**
     * The same for evidence that came in another way than in a certificate: inside a session, say, whose exporter value it claims.
     *
     * @param key that the evidence must be about
     * @param nonce that the claims must have; null if none was sent
     */
    public Attested verify(Evidence evidence, PublicKey key, CollateralSource collateral, Bytes nonce) throws AttestationException {
        return switch (evidence.form()) {
            case GRAMINE_LEGACY -> {
                if (nonce != null) {
                    throw new AttestationException(Reason.NONCE_MISMATCH, "Gramine's legacy form has no nonce");
                }
                Quote quote = Quote.parse(evidence.statement().toArray());
                requireAbout(Bytes.sha256(key.getEncoded()).concat(Bytes.zeros(32)), quote.body().reportData(), Reason.KEY_UNBOUND, "key");
                yield attested(evidence.form(), key, Claims.of(Map.of()), quote, collateral);
            }
            case INTEROPERABLE -> {
                Quote quote = Quote.parse(evidence.statement().toArray());
                Claims claims = claims(evidence, quote.body().reportData(), key, nonce);
                yield attested(evidence.form(), key, claims, quote, collateral);
            }
            case PROVISIONED -> {
                ProvisionedStatement statement = ProvisionedStatement.parse(evidence.statement());
                Claims claims = claims(evidence, statement.reportData(), key, nonce);
                statement.verify(provisioners, clock);
                policy.checkClaims(claims.value(Claims.BUNDLE), claims.value(Claims.CONFIGURATION));
                yield new Attested(evidence.form(), key, claims, null, statement);
            }
        };
    }

    private Attested attested(Form form, PublicKey key, Claims claims, Quote quote, CollateralSource collateral) throws AttestationException {
        Verdict verdict = dcap.verify(quote, collateral.collateral(quote));
        policy.check(verdict, claims.value(Claims.BUNDLE), claims.value(Claims.CONFIGURATION));
        return new Attested(form, key, claims, verdict, null);
    }

    private static Claims claims(Evidence evidence, Bytes reportData, PublicKey key, Bytes nonce) throws AttestationException {
        Claims claims = Claims.parse(evidence.claims());
        requireAbout(claims.reportData(), reportData, Reason.CLAIMS_UNBOUND, "claims");
        claims.requireKey(key);
        if (nonce != null) {
            claims.requireNonce(nonce);
        }
        return claims;
    }

    private static void requireAbout(Bytes expected, Bytes reportData, Reason reason, String what) throws AttestationException {
        if (!MessageDigest.isEqual(expected.toArray(), reportData.toArray())) {
            throw new AttestationException(reason, "the evidence is not about the given " + what);
        }
    }

    private void checkCertificate(X509Certificate certificate) throws AttestationException {
        try {
            certificate.verify(certificate.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new AttestationException(Reason.CERTIFICATE_INVALID, "the certificate is not signed by its own key");
        }
        if (clock.instant().isBefore(certificate.getNotBefore().toInstant())) {
            throw new AttestationException(Reason.NOT_YET_VALID, "the certificate is not valid before " + certificate.getNotBefore().toInstant());
        }
        if (clock.instant().isAfter(certificate.getNotAfter().toInstant())) {
            throw new AttestationException(Reason.CERTIFICATE_EXPIRED, "the certificate expired at " + certificate.getNotAfter().toInstant());
        }
    }
}
