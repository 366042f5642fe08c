package io.scwatcher.channel.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.quote.EnclaveReport;
import io.scwatcher.attestation.ratls.Attested;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.attestation.ratls.RaTlsVerifier.CollateralSource;
import io.scwatcher.channel.ChannelException;
import io.scwatcher.channel.session.AgentEvent.Kind;
import io.scwatcher.channel.tls.TlsChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The agent's front door: serves VMs' memory to enclaves that are admitted, several at once. */
public final class AgentServer implements AutoCloseable {
    /** Who connects must be attested by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** How long {@link #close} waits for connections to end. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);
    /** After a failure that may last, such as a lack of descriptors. */
    private static final Duration REST = Duration.ofMillis(200);

    private final ServerSocketChannel listener;
    private final TlsIdentity identity;
    private final RaTlsVerifier verifier;
    private final CollateralSource collateral;
    private final Admission admission;
    private final Consumer<AgentEvent> events;
    private final int connections;
    private final Semaphore free;
    private final AtomicLong numbers = new AtomicLong();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    /**
     * Who is verified, by what.
     *
     * @param verifier whose policy holds for every enclave
     * @param collateral the agent's own; null to take what enclaves bring
     * @param admission judges what is left
     * @param connections at once, attested or not yet
     */
    public record Gate(RaTlsVerifier verifier, CollateralSource collateral, Admission admission, int connections) {
    }

    /**
     * @param listener bound
     * @param events takes what happens to connections
     */
    public AgentServer(ServerSocketChannel listener, TlsIdentity identity, Gate gate, Consumer<AgentEvent> events) {
        this.listener = listener;
        this.identity = identity;
        verifier = gate.verifier;
        collateral = gate.collateral;
        admission = gate.admission;
        connections = gate.connections;
        free = new Semaphore(connections);
        this.events = events;
    }

    /** Accepts connections until {@link #close}. */
    public void run() throws IOException {
        while (listener.isOpen()) {
            try {
                accept();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                if (!listener.isOpen()) {
                    return;
                }
                tell(Kind.BROKEN, new Connection(null, 0), "", "no connection can be accepted: " + e.getMessage());
                rest();
            }
        }
    }

    private void accept() throws IOException {
        SocketChannel socket = listener.accept();
        Connection connection = new Connection(socket, numbers.incrementAndGet());
        if (free.tryAcquire()) {
            open.add(socket);
            Thread.ofVirtual().name("agent-connection").start(connection::run);
        } else {
            socket.close();
            tell(Kind.REFUSED, connection, "", "refused: there are " + connections + " connections already");
        }
    }

    private static void rest() {
        try {
            Thread.sleep(REST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Kind kind, Connection connection, String reason, String text) {
        events.accept(new AgentEvent(kind, connection.number, connection.enclave, connection.vm, reason, text));
    }

    private final class Connection {
        private final SocketChannel socket;
        private final long number;
        private String enclave = "";
        private String vm = "";
        private Admitted admitted;

        Connection(SocketChannel socket, long number) {
            this.socket = socket;
            this.number = number;
        }

        void run() {
            try {
                serve();
                tell(Kind.LEFT, this, "", "the enclave has left");
            } catch (AttestationException e) {
                tell(Kind.REFUSED, this, e.reason().name(), "refused: " + e.getMessage() + " [" + e.reason() + "]");
            } catch (IOException | RuntimeException e) {
                tell(Kind.BROKEN, this, "", "ended: " + (e instanceof ChannelException ? e.getMessage() : e.toString()));
            } finally {
                open.remove(socket);
                free.release();
            }
        }

        private void serve() throws IOException, AttestationException {
            try (socket; Deadline deadline = new Deadline(socket, PATIENCE)) {
                AgentAddress.withoutDelay(socket);
                try (TlsChannel channel = new TlsChannel(socket, identity.serverEngine())) {
                    AttestedSession.verify(channel, Role.READS_MEMORY, verifier, collateral, this::judge);
                    deadline.close();
                    tell(Kind.CONNECTED, this, "", "an enclave reads " + vm + ": " + enclave);
                    admitted.pages().serve(channel);
                }
            } finally {
                if (admitted != null) {
                    admitted.release().run();
                }
            }
        }

        private Admitted judge(Attested attested) throws AttestationException {
            enclave = describe(attested);
            admitted = admission.admit(attested, SessionClaims.vm(attested.claims()));
            vm = admitted.vm();
            return admitted;
        }
    }

    private static String describe(Attested enclave) {
        if (enclave.verdict() == null) {
            return "a provisioned key";
        }
        String measured = enclave.verdict().quote().body() instanceof EnclaveReport report ? report.mrEnclave().toString() : "a trust domain";
        return measured + (enclave.verdict().isSimulated() ? " (SIMULATED: nothing protects it)" : "");
    }

    /** Ends all connections, and waits for that: what they paused goes on. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (SocketChannel socket : open) {
            socket.close();
        }
        try {
            if (free.tryAcquire(connections, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                free.release(connections);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Connections at this moment. */
    public int connections() {
        return connections - free.availablePermits();
    }

    /** Accepts no more connections; those that there are go on. */
    public void stopAccepting() throws IOException {
        listener.close();
    }
}
