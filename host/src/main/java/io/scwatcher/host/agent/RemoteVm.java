package io.scwatcher.host.agent;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.provider.QuoteSource;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.channel.page.RemoteMemory;
import io.scwatcher.channel.page.RemoteOptions;
import io.scwatcher.channel.session.AgentAddress;
import io.scwatcher.channel.session.AgentConnection;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.host.StateDirectory;
import io.scwatcher.host.enclave.EnclaveProgram;
import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/**
 * A VM behind an agent, read by this very process, which is no enclave: it proves itself as what it is, this program on this user's simulated platform. An agent that is to
 * accept that must name both in its policy.
 */
public final class RemoteVm {
    private RemoteVm() {}

    /**
     * @param address of the agent, whose key must stand in it or be known
     * @throws GuestMemoryException one line: the agent cannot be reached, is another one, or refuses this program
     * @throws AgentException one line: nobody has said which key the agent must have
     */
    public static RemoteMemory open(String address) {
        return open(address, RemoteOptions.USUAL);
    }

    public static RemoteMemory open(String address, RemoteOptions options) {
        try {
            AgentAddress agent = AgentAddress.parse(address);
            Set<Bytes> keys = agent.key() != null ? Set.of(agent.key()) : KnownAgents.ofThisUser().keys(agent);
            SimulatedPlatform platform = StateDirectory.simulatedPlatform();
            Prover prover = new Prover(new QuoteSource.Simulation(platform, new SimulatedEnclave(measurement(), Bytes.zeros(32), 0, 0)).open(),
                    () -> platform.collateral().build(), Map.of());
            return AgentConnection.open(agent.connect(), agent.vm(), TlsIdentity.ephemeral(Clock.systemUTC()), keys, prover, options);
        } catch (IOException | AttestationException | IllegalArgumentException e) {
            throw new GuestMemoryException(e.getMessage(), e);
        }
    }

    /** What this program calls MRENCLAVE where it runs outside of any enclave: made of the enclave's, and never equal to it. */
    public static Bytes measurement() throws IOException {
        return Bytes.sha256(("scwatcher outside of an enclave " + EnclaveProgram.ofThisInstallation().measurement()).getBytes(StandardCharsets.UTF_8));
    }
}
