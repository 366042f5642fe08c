package io.scwatcher.attestation.provider;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Reason;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Occlum's device, played by a function; and the real ioctl(2) on a device that is another. */
class OcclumProviderTest {
    private int requests;

    /** Answers as Occlum does, after some failures. */
    private OcclumProvider provider(int failures, int declared, byte[] quote) {
        return new OcclumProvider((request, argument) -> {
            if (requests++ < failures) {
                throw new IOException("errno 22");
            }
            if (request == OcclumProvider.GET_DCAP_QUOTE_SIZE) {
                argument.set(ValueLayout.JAVA_INT, 0, declared);
                return;
            }
            assertThat(request).isEqualTo(OcclumProvider.GEN_DCAP_QUOTE);
            assertThat(argument.byteSize()).isEqualTo(24);
            byte[] reportData = argument.get(ValueLayout.ADDRESS, 0).reinterpret(64).toArray(ValueLayout.JAVA_BYTE);
            assertThat(reportData).isEqualTo(REPORT_DATA.toArray());
            argument.get(ValueLayout.ADDRESS, 8).reinterpret(4).set(ValueLayout.JAVA_INT, 0, quote.length);
            MemorySegment.copy(quote, 0, argument.get(ValueLayout.ADDRESS, 16).reinterpret(declared), ValueLayout.JAVA_BYTE, 0,
                    Math.min(quote.length, declared));
        }, 1);
    }

    @Test
    void asksForTheLengthAndThenForTheQuote() throws AttestationException {
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        assertThat(provider(0, quote.length, quote).quote(REPORT_DATA)).isEqualTo(quote);
        assertThat(requests).isEqualTo(2);
        assertThat(provider(0, quote.length + 100, quote).quote(REPORT_DATA)).isEqualTo(quote);
    }

    @Test
    void triesAgainAndGivesUp() throws AttestationException {
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        assertThat(provider(2, quote.length, quote).quote(REPORT_DATA)).isEqualTo(quote);
        requests = 0;
        assertThat(refusal(() -> provider(1000, quote.length, quote).quote(REPORT_DATA))).isEqualTo(Reason.PROVIDER_FAILED);
        assertThat(requests).isEqualTo(5);
    }

    @Test
    void impossibleLengthsAreRefused() {
        assertThat(refusal(() -> provider(0, -1, new byte[1]).quote(REPORT_DATA))).isEqualTo(Reason.PROVIDER_FAILED);
        assertThat(refusal(() -> provider(0, 100, new byte[101]).quote(REPORT_DATA))).isEqualTo(Reason.PROVIDER_FAILED);
    }

    /** ENOTTY: the call itself works, and the device is none of Occlum's. */
    @Test
    void anotherDeviceFailsAndAMissingOneIsUnavailable() throws AttestationException {
        assertThat(new QuoteSource.Occlum(Path.of("/dev/null")).open().kind()).isEqualTo(QuoteProvider.Kind.OCCLUM);
        QuoteProvider provider = new OcclumProvider(new SgxDevice(Path.of("/dev/null")), 1);
        assertThat(refusal(() -> provider.quote(REPORT_DATA))).isEqualTo(Reason.PROVIDER_FAILED);
        assertThat(refusal(() -> new QuoteSource.Occlum(Path.of("/dev/no-such-device")).open())).isEqualTo(Reason.PROVIDER_UNAVAILABLE);
    }
}
