package io.scwatcher.attestation.provider;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;

/** Quotes by a platform in software. */
record SimulationProvider(SimulatedPlatform platform, SimulatedEnclave enclave) implements QuoteProvider {
    @Override
    public Kind kind() {
        return Kind.SIMULATION;
    }

    @Override
    public byte[] quote(Bytes reportData) throws AttestationException {
        return platform.quote(enclave, QuoteProvider.checked(reportData));
    }
}
