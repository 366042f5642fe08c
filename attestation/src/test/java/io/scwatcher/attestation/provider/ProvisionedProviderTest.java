package io.scwatcher.attestation.provider;

import static io.scwatcher.attestation.Fixtures.NOW;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.clock;
import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.encoding.X509Writer;
import io.scwatcher.attestation.encoding.X509Writer.Party;
import io.scwatcher.attestation.encoding.X509Writer.Use;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProvisionedProviderTest {
    private final Party authority = party("Authority");
    private final Party enclave = party("Enclave");
    private final X509Certificate root = certificate(authority, authority, Use.AUTHORITY);
    private final X509Certificate leaf = certificate(enclave, authority, Use.SIGNATURE);

    ProvisionedProviderTest() throws GeneralSecurityException {}

    private static Party party(String name) throws GeneralSecurityException {
        KeyPair keys = P256.generate();
        return new Party(name, keys.getPublic(), keys.getPrivate());
    }

    private static X509Certificate certificate(Party subject, Party issuer, Use use) throws GeneralSecurityException {
        return X509Writer.certificate(subject, issuer, BigInteger.ONE, NOW, NOW.plus(Duration.ofDays(1)), use, List.of());
    }

    private Bytes statement() throws GeneralSecurityException {
        QuoteProvider provider = new QuoteSource.Provisioned(enclave.privateKey(), List.of(leaf, root)).open();
        assertThat(provider.kind().isQuote()).isFalse();
        return Bytes.of(provider.quote(REPORT_DATA));
    }

    @Test
    void theStatementIsAboutTheReportDataAndByAKeyOfTheAuthority() throws GeneralSecurityException {
        ProvisionedStatement statement = ProvisionedStatement.parse(statement());
        assertThat(statement.reportData()).isEqualTo(REPORT_DATA);
        assertThat(refusal(() -> statement.verify(List.of(root), clock(NOW.plusSeconds(1))))).isNull();
        assertThat(refusal(() -> statement.verify(List.of(root), clock(NOW.plus(Duration.ofDays(2)))))).isEqualTo(Reason.PROVISIONED_UNTRUSTED);
        assertThat(refusal(() -> statement.verify(List.of(), clock(NOW.plusSeconds(1))))).isEqualTo(Reason.PROVISIONED_UNTRUSTED);
        X509Certificate stranger = certificate(party("Authority"), party("Authority"), Use.AUTHORITY);
        assertThat(refusal(() -> statement.verify(List.of(stranger), clock(NOW.plusSeconds(1))))).isEqualTo(Reason.PROVISIONED_UNTRUSTED);
    }

    @Test
    void noByteOfAStatementCanBeChanged() throws GeneralSecurityException {
        byte[] statement = statement().toArray();
        for (int i = 0; i < statement.length; i++) {
            byte[] changed = statement.clone();
            changed[i] ^= (byte) (1 << i % 8);
            assertThat(refusal(() -> ProvisionedStatement.parse(Bytes.of(changed)).verify(List.of(root), clock(NOW.plusSeconds(1)))))
                    .as("byte %d", i).isIn(Reason.PROVISIONED_UNTRUSTED, Reason.EVIDENCE_MALFORMED, Reason.CERTIFICATE_MALFORMED);
        }
    }

    @Test
    void aKeyWithoutItsCertificateIsFoundOutAtOnce() {
        assertThat(refusal(() -> new QuoteSource.Provisioned(authority.privateKey(), List.of(leaf)).open())).isEqualTo(Reason.PROVISIONED_UNTRUSTED);
        assertThat(refusal(() -> new QuoteSource.Provisioned(enclave.privateKey(), List.of()).open())).isEqualTo(Reason.EVIDENCE_MALFORMED);
    }
}
