package io.scwatcher.attestation.quote;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuoteParserTest {
    private static byte[] quote() throws AttestationException {
        return PLATFORM.quote(ENCLAVE, REPORT_DATA);
    }

    @Test
    void bodiesAreWhatTheyWere() throws AttestationException {
        Quote quote = Quote.parse(quote());
        assertThat(Bytes.of(quote.body().encode())).isEqualTo(Bytes.of(quote()).slice(48, 432));
        assertThat(Bytes.of(quote.qeReport().encode())).isEqualTo(quote.qeReportBytes());
        assertThat(quote.signed().length()).isEqualTo(432);
        assertThat(quote.padding()).isZero();
        assertThat(quote.header().qeVendorId()).isEqualTo(QuoteHeader.INTEL_QE);
    }

    @Test
    void aQuoteThatEndsEarlyIsMalformedWhereverItEnds() throws AttestationException {
        byte[] quote = quote();
        for (int length = 0; length < quote.length; length++) {
            byte[] cut = Arrays.copyOf(quote, length);
            assertThat(refusal(() -> Quote.parse(cut))).as("%d bytes", length).isEqualTo(Reason.QUOTE_MALFORMED);
        }
    }

    @Test
    void onlyZerosMayFollow() throws AttestationException {
        byte[] quote = quote();
        byte[] padded = Arrays.copyOf(quote, quote.length + 70);
        assertThat(Quote.parse(padded).padding()).isEqualTo(70);
        padded[padded.length - 1] = 1;
        assertThat(refusal(() -> Quote.parse(padded))).isEqualTo(Reason.QUOTE_MALFORMED);
        assertThat(refusal(() -> Quote.parse(Arrays.copyOf(quote, Quote.MAX_LENGTH + 1)))).isEqualTo(Reason.QUOTE_MALFORMED);
    }

    @Test
    void anythingElseIsRefusedAndNothingWorse() throws AttestationException {
        long seed = System.nanoTime();
        System.out.println("seed of quote fuzz: " + seed);
        Random random = new Random(seed);
        byte[] quote = quote();
        for (int i = 0; i < 10_000; i++) {
            byte[] changed = Arrays.copyOf(quote, random.nextInt(8) == 0 ? random.nextInt(quote.length + 100) : quote.length);
            for (int n = random.nextInt(6); n >= 0 && changed.length > 0; n--) {
                // The fields that decide about the shape lie mostly before the certificates.
                int at = random.nextInt(random.nextBoolean() ? changed.length : Math.min(changed.length, 1060));
                changed[at] = (byte) random.nextInt(256);
            }
            assertThat(refusal(() -> Quote.parse(changed))).isIn(null, Reason.QUOTE_MALFORMED, Reason.QUOTE_UNSUPPORTED);
        }
    }
}
