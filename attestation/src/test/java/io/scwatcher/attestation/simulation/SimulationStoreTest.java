package io.scwatcher.attestation.simulation;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.NOW;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.clock;
import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.DcapVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationStoreTest {
    @TempDir
    private Path directory;

    @Test
    void aPlatformIsTheSameTheNextTime() throws IOException, AttestationException {
        Path file = directory.resolve("new").resolve("platform");
        SimulatedPlatform first = SimulatedPlatform.open(SimulationStore.file(file), clock(NOW));
        SimulatedPlatform second = SimulatedPlatform.open(SimulationStore.file(file), clock(NOW));
        assertThat(second.anchor()).isEqualTo(first.anchor());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(Files.list(file.getParent())).hasSize(1);
        assertThat(refusal(() -> new DcapVerifier(List.of(first.anchor()), true, clock(NOW))
                .verify(second.quote(ENCLAVE, REPORT_DATA), first.collateral().build()))).isNull();
    }

    @Test
    void whoeverIsFasterDecides() throws IOException {
        SimulationStore one = SimulationStore.file(directory.resolve("platform"));
        SimulationStore other = SimulationStore.file(directory.resolve("platform"));
        assertThat(one.load()).isNull();
        assertThat(one.save(REPORT_DATA)).isEqualTo(REPORT_DATA);
        assertThat(other.save(ENCLAVE.mrEnclave())).isEqualTo(REPORT_DATA);
    }

    @Test
    void damagedKeysAreToldApart() throws IOException {
        Path file = Files.write(directory.resolve("platform"), new byte[100]);
        assertThat(refusal(() -> SimulatedPlatform.open(SimulationStore.file(file), clock(NOW)))).isEqualTo(Reason.EVIDENCE_MALFORMED);
    }
}
