package io.scwatcher.attestation.encoding;

import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PemTest {
    private static List<byte[]> read(String text) throws GeneralSecurityException {
        return Pem.certificates(text.getBytes(StandardCharsets.ISO_8859_1), 3);
    }

    @Test
    void readsWhatIsWrittenWithEitherLineEndAndTheNulOfC() throws GeneralSecurityException {
        byte[] der = PLATFORM.root().getEncoded();
        String one = Pem.certificate(der);
        for (String text : List.of(one, one.strip(), one + "\0", one.replace("\n", "\r\n"), "\n" + one + "\n" + one)) {
            assertThat(read(text).getLast()).isEqualTo(der);
        }
    }

    @Test
    void thereIsOneWayToWriteACertificate() throws GeneralSecurityException {
        String one = Pem.certificate(PLATFORM.root().getEncoded());
        for (String wrong : List.of("", "\0", one + "\0\0", one + "x", "x" + one, one.replace("END", "ENd"), one.repeat(4), one.substring(0, 90),
                one.replace("-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nComment: yes\n"), one.replace("\n", "\r"),
                one.replaceFirst("MII", "MI I"), "-----BEGIN CERTIFICATE-----\nAAB=\n-----END CERTIFICATE-----\n")) {
            assertThat(refusal(() -> read(wrong))).as(wrong).isEqualTo(Reason.CERTIFICATE_MALFORMED);
        }
    }
}
