package io.scwatcher.attestation.provider;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The configured source of evidence, with what it needs. */
public sealed interface QuoteSource {
    /** @param directory usually {@link #GRAMINE_DIRECTORY} */
    record Gramine(Path directory) implements QuoteSource {}

    /** @param device usually {@link #OCCLUM_DEVICE} */
    record Occlum(Path device) implements QuoteSource {}

    /** @param chain of the key, its own certificate first */
    record Provisioned(PrivateKey key, List<X509Certificate> chain) implements QuoteSource {}

    record Simulation(SimulatedPlatform platform, SimulatedEnclave enclave) implements QuoteSource {}

    Path GRAMINE_DIRECTORY = Path.of("/dev/attestation");
    Path OCCLUM_DEVICE = Path.of("/dev/sgx");

    /** @throws AttestationException PROVIDER_UNAVAILABLE if the machine has not what the source needs */
    default QuoteProvider open() throws AttestationException {
        return switch (this) {
            case Gramine(Path directory) -> new GramineProvider(directory);
            case Occlum(Path device) -> new OcclumProvider(new SgxDevice(device));
            case Provisioned(PrivateKey key, List<X509Certificate> chain) -> new ProvisionedProvider(key, chain);
            case Simulation(SimulatedPlatform platform, SimulatedEnclave enclave) -> new SimulationProvider(platform, enclave);
        };
    }
}
