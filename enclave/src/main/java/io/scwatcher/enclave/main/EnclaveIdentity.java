package io.scwatcher.enclave.main;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.provider.QuoteProvider;
import io.scwatcher.attestation.provider.QuoteSource;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.enclave.main.EnclaveConfiguration.EvidenceSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** What this enclave proves itself with, as its configuration says; nothing stands in for a source that fails. */
final class EnclaveIdentity {
    private EnclaveIdentity() {}

    /** Its evidence claims the configuration's digest. */
    static Prover open(EnclaveConfiguration configuration) throws IOException, AttestationException {
        Map<String, Bytes> claims = Map.of(Claims.CONFIGURATION, configuration.digest());
        return switch (configuration.evidence()) {
            case EvidenceSource.Simulation(Path saved, Path measured) -> {
                SimulatedPlatform platform = SimulatedPlatform.open(SimulationStore.file(saved), Clock.systemUTC());
                SimulatedEnclave enclave = new SimulatedEnclave(measurement(measured), Bytes.zeros(32), 0, 0);
                yield new Prover(new QuoteSource.Simulation(platform, enclave).open(), () -> platform.collateral().build(), claims);
            }
            case EvidenceSource.Gramine(Path directory, Path collateral) -> of(new QuoteSource.Gramine(directory).open(), collateral, claims);
            case EvidenceSource.Occlum(Path device, Path collateral) -> of(new QuoteSource.Occlum(device).open(), collateral, claims);
        };
    }

    private static Bytes measurement(Path measured) throws IOException {
        String text = Files.readString(measured).strip();
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IOException(measured + " is no measurement: 64 hexadecimal digits are due");
        }
        return Bytes.ofHex(text);
    }

    /** The host renews collateral; it is signed, so that it need not be trusted for that. */
    private static Prover of(QuoteProvider provider, Path collateral, Map<String, Bytes> claims) throws IOException, AttestationException {
        Collateral.parse(Files.readAllBytes(collateral));
        return new Prover(provider, () -> {
            try {
                return Collateral.parse(Files.readAllBytes(collateral));
            } catch (IOException e) {
                throw new AttestationException(io.scwatcher.attestation.Reason.PROVIDER_FAILED, "the collateral cannot be read: " + e.getMessage(), e);
            }
        }, claims);
    }
}
