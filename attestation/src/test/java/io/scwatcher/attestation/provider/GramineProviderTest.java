package io.scwatcher.attestation.provider;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gramine's files, played by ordinary ones. */
class GramineProviderTest {
    @TempDir
    private Path directory;

    private QuoteSource source(String type) throws IOException {
        Files.writeString(directory.resolve("attestation_type"), type);
        return new QuoteSource.Gramine(directory);
    }

    @Test
    void writesTheReportDataAndReadsTheQuote() throws IOException, AttestationException {
        QuoteProvider provider = source("dcap\n").open();
        assertThat(provider.kind()).isEqualTo(QuoteProvider.Kind.GRAMINE);
        Path reportData = Files.write(directory.resolve("user_report_data"), new byte[64]);
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        Files.write(directory.resolve("quote"), quote);
        assertThat(provider.quote(REPORT_DATA)).isEqualTo(quote);
        assertThat(Files.readAllBytes(reportData)).isEqualTo(REPORT_DATA.toArray());
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        assertThat(refusal(() -> new QuoteSource.Gramine(directory).open())).isEqualTo(Reason.PROVIDER_UNAVAILABLE);
        assertThat(refusal(() -> source("none").open())).isEqualTo(Reason.PROVIDER_UNAVAILABLE);
        assertThat(refusal(() -> source("dcap").open().quote(REPORT_DATA))).isEqualTo(Reason.PROVIDER_FAILED);
        Files.write(directory.resolve("user_report_data"), new byte[64]);
        assertThat(refusal(() -> source("dcap").open().quote(REPORT_DATA))).isEqualTo(Reason.PROVIDER_FAILED);
        Files.write(directory.resolve("quote"), new byte[0]);
        assertThat(refusal(() -> source("dcap").open().quote(REPORT_DATA))).isEqualTo(Reason.PROVIDER_FAILED);
        Files.write(directory.resolve("quote"), new byte[8193]);
        assertThat(refusal(() -> source("dcap").open().quote(REPORT_DATA))).isEqualTo(Reason.PROVIDER_FAILED);
    }
}
