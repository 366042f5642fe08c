package io.scwatcher.attestation.encoding;

import static io.scwatcher.attestation.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.encoding.X509Writer.Extension;
import io.scwatcher.attestation.encoding.X509Writer.Party;
import io.scwatcher.attestation.encoding.X509Writer.Use;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What is made here, Java's own PKIX must accept: chain, extensions and revocation. */
class X509WriterTest {
    private static Party party(String name) throws GeneralSecurityException {
        KeyPair keys = P256.generate();
        return new Party(name, keys.getPublic(), keys.getPrivate());
    }

    @Test
    void pkixAcceptsTheChainAndItsRevocationLists() throws GeneralSecurityException {
        Party root = party("Root");
        Party authority = party("Authority");
        Party leaf = party("Leaf");
        Instant end = Instant.parse("2055-01-01T00:00:00Z");
        X509Certificate rootCertificate = X509Writer.certificate(root, root, BigInteger.ONE, NOW, end, Use.AUTHORITY, List.of());
        X509Certificate authorityCertificate = X509Writer.certificate(authority, root, BigInteger.TWO, NOW, end, Use.AUTHORITY, List.of());
        X509Certificate leafCertificate = X509Writer.certificate(leaf, authority, BigInteger.TEN, NOW, end, Use.SIGNATURE,
                List.of(new Extension("1.2.3.4", false, Bytes.of((byte) 5))));
        assertThat(leafCertificate.getNotAfter().toInstant()).isEqualTo(end);
        assertThat(leafCertificate.getExtensionValue("1.2.3.4")).isEqualTo(new byte[] {4, 1, 5});
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (List<BigInteger> revoked : List.of(List.<BigInteger>of(), List.of(BigInteger.TEN))) {
            X509CRL rootList = list(factory, X509Writer.revocationList(root, 1, NOW, end, List.of()));
            X509CRL list = list(factory, X509Writer.revocationList(authority, 300, NOW, end, revoked));
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(rootCertificate, null)));
            parameters.setDate(Date.from(NOW.plus(Duration.ofDays(1))));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(rootList, list))));
            Throwable refused = Assertions.catchThrowable(() -> CertPathValidator.getInstance("PKIX")
                    .validate(factory.generateCertPath(List.of(leafCertificate, authorityCertificate)), parameters));
            if (revoked.isEmpty()) {
                assertThat(refused).isNull();
            } else {
                assertThat(refused).hasMessageContaining("revoked");
            }
        }
    }

    private static X509CRL list(CertificateFactory factory, Bytes der) throws GeneralSecurityException {
        return (X509CRL) factory.generateCRL(new ByteArrayInputStream(der.toArray()));
    }
}
