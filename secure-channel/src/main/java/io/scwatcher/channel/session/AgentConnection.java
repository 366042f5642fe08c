package io.scwatcher.channel.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.channel.ChannelException;
import io.scwatcher.channel.page.RemoteMemory;
import io.scwatcher.channel.page.RemoteOptions;
import io.scwatcher.channel.tls.TlsChannel;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The enclave's way to a VM's memory: TLS to the agent, whose key is pinned; then the enclave proves itself; then the page protocol. */
public final class AgentConnection {
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private AgentConnection() {
    }

    /**
     * @param network to an {@link AgentServer}, through whoever is between; closed if this fails
     * @param vm which of the agent's VMs, by the name or UUID that its policy has; "" for its only one
     * @param agentKeys SHA-256 of each key that the agent may have, from the enclave's measured configuration
     * @throws ChannelException one line: this is not the agent, or it refuses this enclave
     * @throws AttestationException if there is no evidence to be had here
     */
    public static RemoteMemory open(ByteChannel network, String vm, TlsIdentity identity, Set<Bytes> agentKeys, Prover prover, RemoteOptions options)
            throws IOException, AttestationException {
        try (Deadline deadline = new Deadline(network, options.patience())) {
            try {
                RemoteMemory memory = RemoteMemory.connect(attested(network, identity, agentKeys, prover.asking(vm)), options);
                requireUuid(memory, vm);
                return memory;
            } catch (IOException e) {
                throw deadline.hasPassed() ? new ChannelException("the agent did not answer in time", e) : e;
            }
        }
    }

    /** An agent that was asked for a VM by its UUID must speak of that one. */
    private static void requireUuid(RemoteMemory memory, String vm) throws ChannelException {
        String uuid = memory.identity().uuid().toString();
        if (UUID.matcher(vm).matches() && !vm.equalsIgnoreCase(uuid)) {
            memory.close();
            throw new ChannelException("the agent serves another VM than the one asked for: " + uuid);
        }
    }

    private static TlsChannel attested(ByteChannel network, TlsIdentity identity, Set<Bytes> agentKeys, Prover prover)
            throws IOException, AttestationException {
        TlsChannel channel = new TlsChannel(network, identity.clientEngine());
        try {
            Bytes found = TlsIdentity.digest(SessionClaims.peer(channel));
            if (!agentKeys.contains(found)) {
                throw new ChannelException("this is not the agent: its key is sha256:" + found + ", and not "
                        + agentKeys.stream().map(key -> "sha256:" + key).sorted().collect(Collectors.joining(" or ")));
            }
            AttestedSession.prove(channel, Role.READS_MEMORY, prover);
            return channel;
        } catch (IOException | AttestationException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
