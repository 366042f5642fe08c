package io.scwatcher.enclave.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.ratls.Attested;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.channel.session.AttestedSession;
import io.scwatcher.channel.session.Deadline;
import io.scwatcher.channel.session.Role;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.channel.tls.TlsChannel;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.time.Duration;

/** A tenant's connection to an enclave that has proved itself in this very session. */
public final class AttestedEnclave implements AutoCloseable {
    /** A fresh enclave has a JVM to start first. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TlsChannel channel;
    private final Attested attested;

    private AttestedEnclave(TlsChannel channel, Attested attested) {
        this.channel = channel;
        this.attested = attested;
    }

    /**
     * @param network closed if this fails
     * @param verifier which enclaves will do
     * @throws AttestationException why this one will not
     * @throws IOException one line: it is no enclave, does not take this tenant, or is gone
     */
    public static AttestedEnclave open(ByteChannel network, TlsIdentity tenant, RaTlsVerifier verifier) throws IOException, AttestationException {
        try (Deadline deadline = new Deadline(network, PATIENCE)) {
            TlsChannel channel = new TlsChannel(network, tenant.clientEngine());
            try {
                return new AttestedEnclave(channel, AttestedSession.verify(channel, Role.RUNS_TOOLS, verifier));
            } catch (IOException e) {
                channel.close();
                throw deadline.hasPassed() ? new IOException("the enclave did not answer in time", e) : e;
            } catch (AttestationException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    /** Who it is. */
    public Attested attested() {
        return attested;
    }

    /** For one command. */
    public SessionClient client() {
        return new SessionClient(Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
