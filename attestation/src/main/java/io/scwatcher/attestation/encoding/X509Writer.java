package io.scwatcher.attestation.encoding;

import io.scwatcher.attestation.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Makes certificates and revocation lists (RFC 5280) signed with ECDSA and SHA-256, which Java itself reads but doesn't make. */
public final class X509Writer {
    private static final byte[] ECDSA_WITH_SHA256 = DerWriter.sequence(DerWriter.identifier("1.2.840.10045.4.3.2"));
    private static final int CONTEXT_0 = 0xa0;
    private static final int CONTEXT_3 = 0xa3;
    private static final int PRIMITIVE_0 = 0x80;

    private X509Writer() {}

    /** What may be done with a certificate's key. */
    public enum Use {
        /** An authority: signs certificates and revocation lists. */
        AUTHORITY,
        /** Signs data, or a TLS handshake. */
        SIGNATURE
    }

    /** @param value the extension's contents, which the certificate wraps into an OCTET STRING */
    public record Extension(String identifier, boolean critical, Bytes value) {
        private byte[] encode() {
            byte[] name = DerWriter.identifier(identifier);
            byte[] content = DerWriter.octets(value.toArray());
            return critical ? DerWriter.sequence(name, DerWriter.bool(true), content) : DerWriter.sequence(name, content);
        }
    }

    /** @param commonName of whoever has the keys; together with the organisation the whole name */
    public record Party(String commonName, PublicKey publicKey, PrivateKey privateKey) {
        private byte[] name() {
            return DerWriter.sequence(attribute("2.5.4.3", commonName), attribute("2.5.4.10", "SCwatcher"));
        }

        private static byte[] attribute(String identifier, String value) {
            return DerWriter.element(Der.SET, DerWriter.sequence(DerWriter.identifier(identifier), DerWriter.utf8(value)));
        }

        /** RFC 5280, 4.2.1.2, method 1: SHA-1 of the key's bits names the key; it protects nothing. */
        private byte[] keyIdentifier() throws GeneralSecurityException {
            List<Der> info = Der.parse(publicKey.getEncoded()).children(Der.SEQUENCE);
            return MessageDigest.getInstance("SHA-1").digest(info.get(1).bits().toArray());
        }
    }

    /** A certificate of a subject by an issuer, who may be the same. */
    public static X509Certificate certificate(Party subject, Party issuer, BigInteger serial, Instant notBefore, Instant notAfter, Use use,
            List<Extension> more) throws GeneralSecurityException {
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        boolean authority = use == Use.AUTHORITY;
        // KeyUsage counts bits from the most significant one: keyCertSign and cRLSign are 5 and 6, digitalSignature is 0.
        byte[] keyUsage = authority ? new byte[] {1, 0x06} : new byte[] {7, (byte) 0x80};
        extensions.writeBytes(new Extension("2.5.29.19", true,
                Bytes.of(authority ? DerWriter.sequence(DerWriter.bool(true)) : DerWriter.sequence())).encode());
        extensions.writeBytes(new Extension("2.5.29.15", true, Bytes.of(DerWriter.element(Der.BIT_STRING, keyUsage))).encode());
        extensions.writeBytes(new Extension("2.5.29.14", false, Bytes.of(DerWriter.octets(subject.keyIdentifier()))).encode());
        extensions.writeBytes(authorityKey(issuer).encode());
        for (Extension one : more) {
            extensions.writeBytes(one.encode());
        }
        byte[] signed = sign(issuer, DerWriter.sequence(DerWriter.element(CONTEXT_0, DerWriter.integer(2)), DerWriter.integer(serial),
                ECDSA_WITH_SHA256, issuer.name(), DerWriter.sequence(DerWriter.time(notBefore), DerWriter.time(notAfter)), subject.name(),
                subject.publicKey.getEncoded(), DerWriter.element(CONTEXT_3, DerWriter.sequence(extensions.toByteArray()))));
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed));
    }

    /** A complete revocation list in DER. */
    public static Bytes revocationList(Party issuer, long number, Instant thisUpdate, Instant nextUpdate, List<BigInteger> revoked)
            throws GeneralSecurityException {
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        for (BigInteger serial : revoked) {
            entries.writeBytes(DerWriter.sequence(DerWriter.integer(serial), DerWriter.time(thisUpdate)));
        }
        byte[] list = revoked.isEmpty() ? new byte[0] : DerWriter.sequence(entries.toByteArray());
        byte[] extensions = DerWriter.element(CONTEXT_0, DerWriter.sequence(authorityKey(issuer).encode(),
                new Extension("2.5.29.20", false, Bytes.of(DerWriter.integer(number))).encode()));
        return Bytes.of(sign(issuer, DerWriter.sequence(DerWriter.integer(1), ECDSA_WITH_SHA256, issuer.name(), DerWriter.time(thisUpdate),
                DerWriter.time(nextUpdate), list, extensions)));
    }

    private static Extension authorityKey(Party issuer) throws GeneralSecurityException {
        return new Extension("2.5.29.35", false, Bytes.of(DerWriter.sequence(DerWriter.element(PRIMITIVE_0, issuer.keyIdentifier()))));
    }

    private static byte[] sign(Party issuer, byte[] content) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(issuer.privateKey);
        signer.update(content);
        return DerWriter.sequence(content, ECDSA_WITH_SHA256, DerWriter.bits(signer.sign()));
    }
}
