package io.scwatcher.enclave.main;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.channel.page.RemoteMemory;
import io.scwatcher.channel.page.RemoteOptions;
import io.scwatcher.channel.session.AgentAddress;
import io.scwatcher.channel.session.AgentConnection;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.enclave.run.VmSource;
import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.enclave.watch.VmWatch;
import io.scwatcher.enclave.watch.WatchedVm;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** VMs by the address of their agent, which may be a relay's: only the agent's key counts. Each connection has a TLS key of its own. */
final class AgentVms implements VmSource {
    private final EnclaveConfiguration configuration;
    private final Prover prover;

    AgentVms(EnclaveConfiguration configuration, Prover prover) {
        this.configuration = configuration;
        this.prover = prover;
    }

    @Override
    public WatchedVm open(String vm, Capture capture, Consumer<String> notes) {
        RemoteMemory memory = connect(vm);
        return new WatchedVm(VmWatch.open(vm, List.of(memory), capture, VmWatch.STALENESS, DiscoveryListener.NONE, notes), memory.identity(),
                memory::lastEpoch);
    }

    private RemoteMemory connect(String vm) {
        if (!configuration.allowsAddress(vm)) {
            throw new GuestMemoryException("this enclave's configuration allows no agent at " + vm);
        }
        try {
            AgentAddress address = AgentAddress.parse(vm);
            return AgentConnection.open(address.connect(), address.vm(), TlsIdentity.ephemeral(Clock.systemUTC()), configuration.agentKeys(), prover,
                    RemoteOptions.USUAL);
        } catch (IOException | AttestationException | IllegalArgumentException e) {
            throw new GuestMemoryException(e.getMessage(), e);
        }
    }
}
