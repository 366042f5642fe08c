package io.scwatcher.channel.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.ratls.Attested;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.channel.page.PageServer;
import io.scwatcher.channel.tls.TlsChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** The agent's front door: serves one VM's memory to enclaves that its policy accepts, several at once. */
public final class AgentServer implements AutoCloseable {
    private static final int CONNECTIONS = 64;
    /** Who connects must be attested by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ServerSocketChannel listener;
    private final TlsIdentity identity;
    private final RaTlsVerifier verifier;
    private final PageServer pages;
    private final Consumer<String> notes;
    private final Semaphore free = new Semaphore(CONNECTIONS);
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    /**
     * @param listener bound
     * @param verifier which enclaves may read this VM
     * @param notes takes a line for each connection that is accepted, refused or broken
     */
    public AgentServer(ServerSocketChannel listener, TlsIdentity identity, RaTlsVerifier verifier, PageServer pages, Consumer<String> notes) {
        this.listener = listener;
        this.identity = identity;
        this.verifier = verifier;
        this.pages = pages;
        this.notes = notes;
    }

    /** Accepts connections until {@link #close}. */
    public void run() throws IOException {
        try {
            while (true) {
                SocketChannel socket = listener.accept();
                if (free.tryAcquire()) {
                    open.add(socket);
                    Thread.ofVirtual().name("agent-connection").start(() -> serve(socket));
                } else {
                    notes.accept("a connection was refused: there are " + CONNECTIONS + " already");
                    socket.close();
                }
            }
        } catch (ClosedChannelException e) {
            // Closed by us.
        }
    }

    private void serve(SocketChannel socket) {
        try (socket; Deadline deadline = new Deadline(socket, PATIENCE); TlsChannel channel = new TlsChannel(socket, identity.serverEngine())) {
            Attested enclave = AttestedSession.verify(channel, Role.READS_MEMORY, verifier);
            deadline.close();
            notes.accept("an enclave is connected: " + describe(enclave));
            pages.serve(channel);
            notes.accept("an enclave has left");
        } catch (AttestationException e) {
            notes.accept("an enclave was refused: " + e.reason() + ": " + e.getMessage());
        } catch (IOException e) {
            notes.accept("a connection ended: " + e.getMessage());
        } catch (RuntimeException e) {
            notes.accept("a connection failed: " + e);
        } finally {
            open.remove(socket);
            free.release();
        }
    }

    private static String describe(Attested enclave) {
        if (enclave.verdict() == null) {
            return "a provisioned key";
        }
        return enclave.verdict().quote().body() + (enclave.verdict().isSimulated() ? " (SIMULATED: nothing protects it)" : "");
    }

    /** Ends all connections; what they paused goes on. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (SocketChannel socket : open) {
            socket.close();
        }
    }
}
