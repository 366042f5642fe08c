package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;

/** A list of revoked certificates (RFC 5280, 5) that its issuer signed and that is in force. */
final class RevocationList {
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String CRL_NUMBER = "2.5.29.20";
    private static final String AUTHORITY_KEY = "2.5.29.35";

    private final X509CRL list;

    private RevocationList(X509CRL list) {
        this.list = list;
    }

    /** @param issuer whose certificates the list is about */
    static RevocationList verified(Bytes der, X509Certificate issuer, Instant now) throws AttestationException {
        String name = "the revocation list of \"" + Certificates.commonName(issuer.getSubjectX500Principal()) + "\"";
        X509CRL list = parse(der.toArray(), name);
        if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            throw new AttestationException(Reason.CRL_INVALID, name + " is by another issuer");
        }
        // What is critical in a list restricts what it is about: parts and changes of lists are marked so.
        if (list.getCriticalExtensionOIDs() == null || !list.getCriticalExtensionOIDs().isEmpty() || list.getExtensionValue(CRL_NUMBER) == null
                || list.getExtensionValue(AUTHORITY_KEY) == null) {
            throw new AttestationException(Reason.CRL_INVALID, name + " has not the extensions of a complete list");
        }
        try {
            if (!list.getSigAlgOID().equals(ECDSA_WITH_SHA256)) {
                throw new GeneralSecurityException("another algorithm");
            }
            list.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new AttestationException(Reason.CRL_INVALID, name + " is not signed by its issuer");
        }
        if (now.isBefore(list.getThisUpdate().toInstant())) {
            throw new AttestationException(Reason.NOT_YET_VALID, name + " is not valid before " + list.getThisUpdate().toInstant());
        }
        if (list.getNextUpdate() == null || now.isAfter(list.getNextUpdate().toInstant())) {
            throw new AttestationException(Reason.CRL_EXPIRED, name + " expired"
                    + (list.getNextUpdate() == null ? "" : " at " + list.getNextUpdate().toInstant()));
        }
        return new RevocationList(list);
    }

    private static X509CRL parse(byte[] der, String name) throws AttestationException {
        try {
            Certificates.requireOneForm(der);
            X509CRL list = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
            if (Arrays.equals(list.getEncoded(), der)) {
                return list;
            }
        } catch (CRLException | CertificateException | AttestationException e) {
            // Told below.
        }
        throw new AttestationException(Reason.CRL_MALFORMED, name + " cannot be read");
    }

    void refuse(X509Certificate certificate, Reason reason) throws AttestationException {
        if (list.getRevokedCertificate(certificate.getSerialNumber()) != null) {
            throw new AttestationException(reason, Certificates.name(certificate) + " is revoked");
        }
    }

    Instant nextUpdate() {
        return list.getNextUpdate().toInstant();
    }
}
