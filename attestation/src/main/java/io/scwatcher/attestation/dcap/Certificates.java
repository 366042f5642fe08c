package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.encoding.Der;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.encoding.Pem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** Reads certificates and checks what each step of a chain must fulfil (RFC 5280, 6.1, for chains whose shape is fixed). */
public final class Certificates {
    private static final String ECDSA = "1.2.840.10045.4.";
    private static final String ECDSA_WITH_SHA256 = ECDSA + "3.2";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private Certificates() {}

    /** One certificate in DER, without anything after it. */
    public static X509Certificate parse(byte[] der) throws AttestationException {
        requireOneForm(der);
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der));
            if (Arrays.equals(certificate.getEncoded(), der)) {
                return certificate;
            }
        } catch (CertificateException e) {
            // Told below.
        }
        throw new AttestationException(Reason.CERTIFICATE_MALFORMED, "a certificate that is not X.509");
    }

    /**
     * Checks what a signature does not cover in a certificate or revocation list (RFC 5280, 4.1 and 5.1): its own encoding, which Java reads
     * in several forms.
     */
    static void requireOneForm(byte[] der) throws AttestationException {
        List<Der> parts = Der.parse(der).children(Der.SEQUENCE);
        if (parts.size() != 3) {
            throw new AttestationException(Reason.CERTIFICATE_MALFORMED, "a signed structure of " + parts.size() + " parts instead of 3");
        }
        Bytes signature = parts.getLast().bits();
        List<Der> algorithm = parts.get(1).children(Der.SEQUENCE);
        if (!algorithm.isEmpty() && algorithm.getFirst().identifier().startsWith(ECDSA)) {
            for (Der number : Der.parse(signature.toArray()).children(Der.SEQUENCE)) {
                number.number(Der.INTEGER);
            }
        }
    }

    /** One certificate in DER, or as text in PEM. */
    public static X509Certificate read(byte[] file) throws AttestationException {
        return parse(file.length > 0 && file[0] == '-' ? Pem.certificates(file, 1).getFirst() : file);
    }

    /** A chain in PEM, the subject first and the root last. */
    static List<X509Certificate> chain(Bytes pem, int length, String what) throws AttestationException {
        List<X509Certificate> chain = new ArrayList<>();
        for (byte[] der : Pem.certificates(pem.toArray(), length)) {
            chain.add(parse(der));
        }
        if (chain.size() != length) {
            throw new AttestationException(Reason.CERTIFICATE_INVALID, what + " has " + chain.size() + " certificates instead of " + length);
        }
        return chain;
    }

    /** Checks that a certificate is issued and signed by another, that it may be what it is used as, and its time. */
    static void check(X509Certificate subject, X509Certificate issuer, boolean authority, Instant now) throws AttestationException {
        String name = name(subject);
        if (!subject.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            throw invalid(name + " was not issued by " + name(issuer));
        }
        if (!subject.getSigAlgOID().equals(ECDSA_WITH_SHA256) || !P256.isP256(subject.getPublicKey())) {
            throw invalid(name + " is not of ECDSA with P-256 and SHA-256");
        }
        try {
            subject.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw invalid(name + " is not signed by " + name(issuer));
        }
        if (subject.hasUnsupportedCriticalExtension()) {
            throw invalid(name + " has a critical extension that is not known here");
        }
        boolean[] usage = subject.getKeyUsage();
        boolean signs = usage != null && usage[KEY_CERT_SIGN] && usage[CRL_SIGN] && subject.getBasicConstraints() >= 0;
        if (authority != signs || !authority && (usage == null || !usage[0] || subject.getBasicConstraints() >= 0)) {
            throw invalid(name + (authority ? " is no authority" : " is not for signing data only"));
        }
        if (now.isBefore(subject.getNotBefore().toInstant())) {
            throw new AttestationException(Reason.NOT_YET_VALID, name + " is not valid before " + subject.getNotBefore().toInstant());
        }
        if (now.isAfter(subject.getNotAfter().toInstant())) {
            throw new AttestationException(Reason.CERTIFICATE_EXPIRED, name + " expired at " + subject.getNotAfter().toInstant());
        }
    }

    static String name(X509Certificate certificate) {
        return "the certificate \"" + commonName(certificate.getSubjectX500Principal()) + "\"";
    }

    /** The common name (CN, RFC 4519); empty if there is none, or more than one. */
    static String commonName(X500Principal principal) {
        String found = "";
        try {
            for (Der set : Der.parse(principal.getEncoded()).children(Der.SEQUENCE)) {
                for (Der attribute : set.children(Der.SET)) {
                    List<Der> parts = attribute.children(Der.SEQUENCE);
                    if (parts.size() == 2 && parts.getFirst().identifier().equals(COMMON_NAME)) {
                        if (!found.isEmpty()) {
                            return "";
                        }
                        found = parts.getLast().string();
                    }
                }
            }
        } catch (AttestationException e) {
            // A name that cannot be read has no common name that anything here could match.
            return "";
        }
        return found;
    }

    private static AttestationException invalid(String why) {
        return new AttestationException(Reason.CERTIFICATE_INVALID, why);
    }
}
