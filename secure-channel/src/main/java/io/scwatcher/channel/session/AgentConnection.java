package io.scwatcher.channel.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.channel.ChannelException;
import io.scwatcher.channel.page.RemoteMemory;
import io.scwatcher.channel.page.RemoteOptions;
import io.scwatcher.channel.tls.TlsChannel;
import java.io.IOException;
import java.nio.channels.ByteChannel;

/** The enclave's way to a VM's memory: TLS to the agent, whose key is pinned; then the enclave proves itself; then the page protocol. */
public final class AgentConnection {
    private AgentConnection() {
    }

    /**
     * @param network to an {@link AgentServer}, through whoever is between; closed if this fails
     * @param agentKey SHA-256 of the agent's key, from the enclave's measured configuration
     * @throws ChannelException one line: this is not the agent, or it refuses this enclave
     * @throws AttestationException if there is no evidence to be had here
     */
    public static RemoteMemory open(ByteChannel network, TlsIdentity identity, Bytes agentKey, Prover prover, RemoteOptions options)
            throws IOException, AttestationException {
        try (Deadline deadline = new Deadline(network, options.patience())) {
            try {
                return RemoteMemory.connect(attested(network, identity, agentKey, prover), options);
            } catch (IOException e) {
                throw deadline.hasPassed() ? new ChannelException("the agent did not answer in time", e) : e;
            }
        }
    }

    private static TlsChannel attested(ByteChannel network, TlsIdentity identity, Bytes agentKey, Prover prover)
            throws IOException, AttestationException {
        TlsChannel channel = new TlsChannel(network, identity.clientEngine());
        try {
            Bytes found = TlsIdentity.digest(SessionClaims.peer(channel));
            if (!found.equals(agentKey)) {
                throw new ChannelException("this is not the agent: its key is " + found + ", the configuration demands " + agentKey);
            }
            AttestedSession.prove(channel, Role.READS_MEMORY, prover);
            return channel;
        } catch (IOException | AttestationException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
