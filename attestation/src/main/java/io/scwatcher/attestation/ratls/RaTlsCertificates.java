package io.scwatcher.attestation.ratls;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.encoding.X509Writer;
import io.scwatcher.attestation.encoding.X509Writer.Extension;
import io.scwatcher.attestation.encoding.X509Writer.Party;
import io.scwatcher.attestation.encoding.X509Writer.Use;
import io.scwatcher.attestation.provider.QuoteProvider;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Makes certificates for TLS that carry evidence about the owner of their key. */
public final class RaTlsCertificates {
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

    private RaTlsCertificates() {}

    /**
     * A certificate by its own key, in the interoperable form or its provisioned kin.
     *
     * @param keys of an elliptic curve
     * @param claims beside the key's digest: {@link Claims#NONCE}, {@link Claims#BUNDLE} and others
     * @throws AttestationException PROVIDER_UNAVAILABLE or PROVIDER_FAILED
     */
    public static X509Certificate create(KeyPair keys, QuoteProvider provider, Map<String, Bytes> claims, Instant now, Duration lifetime)
            throws AttestationException {
        Evidence evidence = Evidence.of(provider, Claims.about(keys.getPublic(), claims));
        try {
            return certificate(keys, now, lifetime, List.of(new Extension(Evidence.EXTENSION, false, evidence.encode())));
        } catch (AttestationException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new AttestationException(Reason.PROVIDER_FAILED, "the key does not sign its certificate: " + e.getMessage(), e);
        }
    }

    /**
     * A certificate without evidence: for keys that are pinned, and for sessions in which the evidence follows.
     *
     * @throws GeneralSecurityException if the key is not of an elliptic curve, or doesn't sign
     */
    public static X509Certificate plain(KeyPair keys, Instant now, Duration lifetime) throws GeneralSecurityException {
        return certificate(keys, now, lifetime, List.of());
    }

    private static X509Certificate certificate(KeyPair keys, Instant now, Duration lifetime, List<Extension> extensions)
            throws GeneralSecurityException {
        Party owner = new Party("SCwatcher RA-TLS", keys.getPublic(), keys.getPrivate());
        return X509Writer.certificate(owner, owner, new BigInteger(127, new SecureRandom()).setBit(126), now.minus(CLOCKS_DIFFER),
                now.plus(lifetime), Use.SIGNATURE, extensions);
    }
}
