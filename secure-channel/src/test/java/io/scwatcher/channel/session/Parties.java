package io.scwatcher.channel.session;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.provider.QuoteSource;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import io.scwatcher.channel.page.PageServer;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** A simulated platform, the enclave that is expected on it, and who checks that. */
final class Parties {
    static final Clock CLOCK = Clock.systemUTC();
    static final Bytes MEASUREMENT = Bytes.sha256(new byte[] {1});

    final SimulatedPlatform platform;
    final TlsIdentity agent = TlsIdentity.ephemeral(CLOCK);
    final TlsIdentity enclave = TlsIdentity.ephemeral(CLOCK);

    Parties() throws Exception {
        platform = SimulatedPlatform.open(SimulationStore.inMemory(), CLOCK);
    }

    Prover prover(Bytes measurement) throws Exception {
        SimulatedEnclave simulated = new SimulatedEnclave(measurement, Bytes.zeros(32), 1, 1);
        return new Prover(new QuoteSource.Simulation(platform, simulated).open(), () -> platform.collateral().build(), Map.of());
    }

    Policy policy() {
        return Policy.builder().mrEnclave(Requirement.is(MEASUREMENT)).mrSigner(Requirement.any()).productId(Requirement.any())
                .minimumSvn(Requirement.any()).bundle(Requirement.any()).configuration(Requirement.any()).build();
    }

    /** Every enclave that is verified may read everything. */
    AgentServer.Gate gate(RaTlsVerifier verifier, PageServer pages) {
        return new AgentServer.Gate(verifier, null, (enclave, vm) -> new Admitted(pages, "the VM", () -> { }), 64);
    }

    RaTlsVerifier verifier() {
        return new RaTlsVerifier(new DcapVerifier(List.of(platform.anchor()), true, CLOCK), policy(), List.of(), CLOCK);
    }
}
