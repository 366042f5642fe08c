package io.scwatcher.attestation.provider;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Certificates;
import io.scwatcher.attestation.encoding.Cbor;
import io.scwatcher.attestation.encoding.CborWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a provisioned key says in place of a quote: CBOR [report data, [certificate, ...], signature], signed with ECDSA and SHA-256
 * over a name of this use and the report data. Its key is certified by a service that attested the enclave; what the enclave
 * is, that service's policy decided.
 *
 * @param reportData 64 bytes
 * @param chain the key's certificate first, and no root
 */
public record ProvisionedStatement(Bytes reportData, List<X509Certificate> chain) {
    private static final Bytes USE = Bytes.of("SCwatcher provisioned attestation 1\0".getBytes(StandardCharsets.US_ASCII));
    private static final int MAX_CHAIN = 8;

    public ProvisionedStatement {
        chain = List.copyOf(chain);
    }

    static Bytes sign(PrivateKey key, List<X509Certificate> chain, Bytes reportData) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(key);
        signer.update(USE.concat(reportData).toArray());
        List<X509Certificate> below = chain.stream().filter(one -> !isRoot(one)).toList();
        Bytes[] certificates = new Bytes[below.size()];
        for (int i = 0; i < certificates.length; i++) {
            certificates[i] = CborWriter.octets(Bytes.of(below.get(i).getEncoded()));
        }
        return CborWriter.array(CborWriter.octets(reportData), CborWriter.array(certificates), CborWriter.octets(Bytes.of(signer.sign())));
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /**
     * Reads a statement and checks that the first certificate's key signed it; whose that is, {@link #verify} tells.
     *
     * @throws AttestationException EVIDENCE_MALFORMED, CERTIFICATE_MALFORMED or PROVISIONED_UNTRUSTED
     */
    public static ProvisionedStatement parse(Bytes statement) throws AttestationException {
        List<Cbor> parts = Cbor.parse(statement).items(3);
        Bytes reportData = parts.get(0).octets();
        if (!(parts.get(1) instanceof Cbor.Array(List<Cbor> certificates)) || certificates.isEmpty() || certificates.size() > MAX_CHAIN
                || reportData.length() != QuoteProvider.REPORT_DATA_LENGTH) {
            throw new AttestationException(Reason.EVIDENCE_MALFORMED, "a provisioned key's statement without report data or certificates");
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (Cbor certificate : certificates) {
            chain.add(Certificates.parse(certificate.octets().toArray()));
            if (isRoot(chain.getLast())) {
                throw new AttestationException(Reason.EVIDENCE_MALFORMED, "a provisioned key's statement brings its own root");
            }
        }
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(chain.getFirst().getPublicKey());
            verifier.update(USE.concat(reportData).toArray());
            if (verifier.verify(parts.get(2).octets().toArray())) {
                return new ProvisionedStatement(reportData, chain);
            }
        } catch (AttestationException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            // No signature at all is as bad as a wrong one.
        }
        throw new AttestationException(Reason.PROVISIONED_UNTRUSTED, "the statement is not signed by the provisioned key of its certificate");
    }

    /**
     * Checks the chain (RFC 5280, 6.1) without revocation: services like CAS give out certificates for a short time.
     *
     * @param authorities what the chain may end in
     * @throws AttestationException PROVISIONED_UNTRUSTED
     */
    public void verify(Collection<X509Certificate> authorities, Clock clock) throws AttestationException {
        try {
            Set<TrustAnchor> anchors = authorities.stream().map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet());
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
        } catch (GeneralSecurityException e) {
            throw new AttestationException(Reason.PROVISIONED_UNTRUSTED,
                    "the provisioned key is not certified by a trusted authority (" + e.getMessage() + ")", e);
        }
    }
}
