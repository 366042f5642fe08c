package io.scwatcher.attestation.dcap;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.NOW;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.quote.Quote;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged certificates and lists: refused by a reason of theirs, whatever is damaged. */
class CertificatesFuzzTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    CertificatesFuzzTest() {
        System.out.println("seed of certificate fuzz: " + seed);
    }

    private byte[] damaged(byte[] good) {
        byte[] changed = good.clone();
        for (int n = random.nextInt(3); n >= 0; n--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    @Test
    void certificatesOfPlatforms() throws GeneralSecurityException {
        X509Certificate leaf = Certificates.chain(Quote.parse(PLATFORM.quote(ENCLAVE, REPORT_DATA)).pckChain(), 3, "the chain").getFirst();
        byte[] good = leaf.getEncoded();
        for (int i = 0; i < 3_000; i++) {
            byte[] changed = damaged(good);
            assertThat(refusal(() -> PckCertificate.of(Certificates.parse(changed))))
                    .isIn(null, Reason.CERTIFICATE_MALFORMED, Reason.CERTIFICATE_INVALID);
        }
    }

    @Test
    void revocationLists() throws AttestationException {
        Bytes good = PLATFORM.collateral().revokePlatformAuthority().build().rootCrl();
        for (int i = 0; i < 1_000; i++) {
            byte[] changed = damaged(good.toArray());
            if (!Bytes.of(changed).equals(good)) {
                assertThat(refusal(() -> RevocationList.verified(Bytes.of(changed), PLATFORM.root(), NOW)))
                        .isIn(Reason.CRL_MALFORMED, Reason.CRL_INVALID);
            }
        }
    }
}
