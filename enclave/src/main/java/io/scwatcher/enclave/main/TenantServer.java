package io.scwatcher.enclave.main;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.channel.session.AttestedSession;
import io.scwatcher.channel.session.Deadline;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.channel.session.Role;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.channel.tls.TlsChannel;
import io.scwatcher.enclave.session.SessionServer;
import io.scwatcher.enclave.session.ToolRunner;
import io.scwatcher.enclave.statement.StatementKey;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The enclave's front door: TLS 1.3 with each tenant, of whom only the key is known, to whom the enclave then proves itself, and whose one command it runs.
 * What it tells its log names no command, no VM and no output: the log is the host's.
 */
final class TenantServer {
    /** Who connects must have made the handshake and taken the evidence by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Connections whose owner is not known yet, at most. */
    private static final int STRANGERS = 64;

    private final EnclaveConfiguration configuration;
    private final TlsIdentity identity = TlsIdentity.ephemeral(Clock.systemUTC());
    private final Prover prover;
    private final StatementKey statements;
    private final ToolRunner runner;
    private final Consumer<String> log;
    private final Semaphore strangers = new Semaphore(STRANGERS);
    private final Map<Bytes, Integer> runs = new HashMap<>();

    TenantServer(EnclaveConfiguration configuration, Prover prover, ToolRunner runner, Consumer<String> log) {
        this.configuration = configuration;
        this.prover = prover;
        this.statements = new StatementKey(prover);
        this.runner = runner;
        this.log = log;
    }

    /** Serves one connection and returns: for an enclave that is started for one command. */
    void serveOne(ServerSocketChannel listener) throws IOException {
        SocketChannel socket = listener.accept();
        strangers.acquireUninterruptibly();
        serve(socket);
    }

    /** Serves until the listener is closed. */
    void serve(ServerSocketChannel listener) throws IOException {
        try {
            while (true) {
                SocketChannel socket = listener.accept();
                if (strangers.tryAcquire()) {
                    Thread.ofPlatform().daemon().name("tenant").start(() -> serve(socket));
                } else {
                    socket.close();
                }
            }
        } catch (ClosedChannelException e) {
            // Closed by us.
        }
    }

    private void serve(SocketChannel socket) {
        Bytes tenant = null;
        boolean stranger = true;
        try (socket; Deadline deadline = new Deadline(socket, PATIENCE); TlsChannel channel = new TlsChannel(socket, identity.serverEngine())) {
            Bytes key = Bytes.sha256(channel.session().getPeerCertificates()[0].getPublicKey().getEncoded());
            if (!configuration.tenants().accepts(key)) {
                log.accept("refused a tenant whose key the configuration does not name: " + key);
                return;
            }
            AttestedSession.prove(channel, Role.RUNS_TOOLS, prover);
            deadline.close();
            strangers.release();
            stranger = false;
            tenant = enter(key);
            SessionServer session = new SessionServer(Channels.newInputStream(channel), Channels.newOutputStream(channel), runner, configuration.limits().bounds(),
                    new SessionServer.Signer(statements, key));
            if (tenant == null) {
                session.refuse("the enclave runs as many commands as its configuration allows");
            } else {
                session.serve();
            }
        } catch (IOException e) {
            log.accept("a tenant's connection ended: " + e.getMessage());
        } catch (AttestationException e) {
            log.accept("no evidence is to be had: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            log.accept("a command failed inside the enclave: " + e.getClass().getName());
        } finally {
            if (stranger) {
                strangers.release();
            }
            leave(tenant);
        }
    }

    /** @return null if there are too many runs */
    private synchronized Bytes enter(Bytes tenant) {
        if (running() >= configuration.limits().runs() || runs.getOrDefault(tenant, 0) >= configuration.limits().runsOfOneTenant()) {
            return null;
        }
        runs.merge(tenant, 1, Integer::sum);
        return tenant;
    }

    /** Commands at this moment. */
    synchronized int running() {
        return runs.values().stream().mapToInt(Integer::intValue).sum();
    }

    private synchronized void leave(Bytes tenant) {
        if (tenant != null) {
            runs.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
        }
    }
}
