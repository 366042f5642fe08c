package io.scwatcher.host.agent;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.attestation.ratls.RaTlsVerifier.CollateralSource;
import io.scwatcher.channel.session.AgentEvent;
import io.scwatcher.channel.session.AgentServer;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The agent: opens VMs and serves them by a policy, until it is closed or the last VM is gone. */
public final class AgentService implements AutoCloseable {
    private static final long LOOK_MILLIS = 1000;
    /** How long clients have to hear that their VM is gone. */
    private static final int LAST_LOOKS = 10;

    private final ListenAddress listen;
    private final ServerSocketChannel listener;
    private final SocketAddress bound;
    private final List<ServedVm> vms;
    private final AgentServer server;
    private final Consumer<String> notes;
    private boolean closed;

    private AgentService(ListenAddress listen, ServerSocketChannel listener, List<ServedVm> vms, TlsIdentity key, AgentPolicy policy,
            Consumer<AgentEvent> events, Consumer<String> notes) throws IOException {
        this.listen = listen;
        this.listener = listener;
        this.vms = vms;
        this.notes = notes;
        bound = listener.getLocalAddress();
        DcapVerifier verifier = new DcapVerifier(policy.roots(), policy.allowsSimulation(), Clock.systemUTC());
        server = new AgentServer(listener, key, new AgentServer.Gate(new RaTlsVerifier(verifier, whatIsRight(), List.of(), Clock.systemUTC()),
                collateral(policy.collateral()), new PolicyAdmission(policy, vms), policy.connections()), events);
    }

    /**
     * Opens the VMs, and listens: who connects now is answered once {@link #serve} runs.
     *
     * @param events takes what happens to connections
     * @param notes takes lines for people
     * @throws GuestMemoryException one line: a VM cannot be opened
     * @throws IOException one line: it cannot listen there
     */
    public static AgentService start(List<String> names, ListenAddress listen, TlsIdentity key, AgentPolicy policy, Consumer<AgentEvent> events,
            Consumer<String> notes) throws IOException {
        List<ServedVm> vms = new ArrayList<>();
        ServerSocketChannel listener = null;
        try {
            for (String name : names) {
                vms.add(ServedVm.open(name));
            }
            listener = listen.bind();
            return new AgentService(listen, listener, List.copyOf(vms), key, policy, events, notes);
        } catch (IOException | RuntimeException | Error e) {
            vms.forEach(vm -> vm.memory().close());
            if (listener != null) {
                listener.close();
            }
            throw e;
        }
    }

    /** What holds for all enclaves; the rules demand more. */
    private static Policy whatIsRight() {
        return Policy.builder().mrEnclave(Requirement.any()).mrSigner(Requirement.any()).productId(Requirement.any()).minimumSvn(Requirement.any())
                .bundle(Requirement.any()).configuration(Requirement.any()).statuses(EnumSet.complementOf(EnumSet.of(TcbStatus.REVOKED))).allowDebug(true).build();
    }

    private static CollateralSource collateral(Path file) {
        return file == null ? null : _ -> {
            try {
                return Collateral.parse(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new AttestationException(Reason.COLLATERAL_MALFORMED, "the agent's own collateral cannot be read", e);
            }
        };
    }

    /** Of TCP, the port that was chosen. */
    public String address() {
        return bound instanceof InetSocketAddress tcp ? "agent://" + listen.toString().replaceFirst("[0-9]+$", Integer.toString(tcp.getPort())) : "agent+" + listen;
    }

    /** A line for each VM: its name and UUID, and how it is read. */
    public List<String> describe() {
        return vms.stream().map(vm -> vm.name() + " (" + vm.identity().uuid() + "): " + vm.memory().description()).toList();
    }

    /** Serves until {@link #close}. @throws GuestMemoryException if the last VM is gone */
    public void serve() throws IOException {
        Thread looking = Thread.ofPlatform().daemon().name("look-after-vms").start(this::lookAfterVms);
        server.run();
        looking.interrupt();
        synchronized (this) {
            if (!closed) {
                close();
                throw new GuestMemoryException(vms.size() == 1 ? "the VM is gone" : "all VMs are gone");
            }
        }
    }

    private void lookAfterVms() {
        Set<ServedVm> gone = new HashSet<>();
        try {
            while (gone.size() < vms.size()) {
                Thread.sleep(LOOK_MILLIS);
                for (ServedVm vm : vms) {
                    String why = gone.contains(vm) ? null : vm.failure();
                    if (why != null) {
                        gone.add(vm);
                        notes.accept(vm.name() + " is gone: " + why);
                    }
                }
            }
            for (int i = 0; i < LAST_LOOKS && server.connections() > 0; i++) {
                Thread.sleep(LOOK_MILLIS);
            }
            server.stopAccepting();
        } catch (InterruptedException | IOException e) {
            // It is closed already.
        }
    }

    /** Ends all connections; VMs that they paused go on. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            listen.remove();
            server.close();
        } finally {
            for (ServedVm vm : vms) {
                resume(vm);
            }
        }
    }

    private void resume(ServedVm vm) {
        try {
            vm.memory().close();
        } catch (GuestMemoryException e) {
            notes.accept(e.getMessage());
        }
    }
}
