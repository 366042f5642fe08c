package io.scwatcher.channel.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.provider.QuoteProvider;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.channel.ChannelException;
import io.scwatcher.channel.page.EpochNumbers;
import io.scwatcher.channel.page.PageServer;
import io.scwatcher.channel.page.RemoteMemory;
import io.scwatcher.channel.page.RemoteOptions;
import io.scwatcher.channel.page.ServerLimits;
import io.scwatcher.channel.page.TestMemory;
import io.scwatcher.channel.page.VmIdentity;
import io.scwatcher.channel.relay.Relay;
import io.scwatcher.channel.tls.TlsChannel;
import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host between enclave and agent, and false enclaves and agents at both ends. In each case nothing wrong is accepted, and the VM is not left paused. */
class AttackTest {
    private static final int SIZE = 4 << 20;
    private static final RemoteOptions OPTIONS = new RemoteOptions(1 << 20, 64, Duration.ofSeconds(5), Duration.ofSeconds(5));
    private static Parties parties;

    @TempDir
    Path directory;

    private final TestMemory memory = new TestMemory(SIZE);
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile Relay.Observer host = (toAgent, bytes) -> { };
    private UnixDomainSocketAddress relayAddress;

    @BeforeAll
    static void meet() throws Exception {
        parties = new Parties();
    }

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(memory.bytes());
        UnixDomainSocketAddress agentAddress = UnixDomainSocketAddress.of(directory.resolve("agent"));
        relayAddress = UnixDomainSocketAddress.of(directory.resolve("relay"));
        PageServer pages = new PageServer(memory, new VmIdentity(new UUID(1, 2), new byte[32]), ServerLimits.USUAL, new EpochNumbers());
        AgentServer agent = new AgentServer(listen(agentAddress), parties.agent, parties.gate(parties.verifier(), pages), event -> notes.add(event.toString()));
        Relay relay = new Relay(listen(relayAddress), () -> SocketChannel.open(agentAddress), (toAgent, bytes) -> host.passing(toAgent, bytes), notes::add);
        open.add(agent);
        open.add(relay);
        Thread.ofVirtual().start(() -> run(agent::run));
        Thread.ofVirtual().start(() -> run(relay::run));
    }

    private interface Service {
        void run() throws IOException;
    }

    private void run(Service service) {
        try {
            service.run();
        } catch (IOException e) {
            notes.add(e.toString());
        }
    }

    private static ServerSocketChannel listen(UnixDomainSocketAddress address) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        for (int waits = 0; memory.pauses() > 0 && waits < 1000; waits++) {
            Thread.sleep(10);
        }
        assertThat(memory.pauses()).isZero();
    }

    private RemoteMemory connect(Prover prover, Bytes agentKey) throws Exception {
        RemoteMemory remote = AgentConnection.open(SocketChannel.open(relayAddress), "", parties.enclave, Set.of(agentKey), prover, OPTIONS);
        open.add(remote);
        return remote;
    }

    private RemoteMemory connect() throws Exception {
        return connect(parties.prover(Parties.MEASUREMENT), parties.agent.keyDigest());
    }

    private byte[] page(RemoteMemory remote, int number) {
        byte[] content = new byte[4096];
        assertThat(remote.read((long) number << 12, content, 0, 4096)).isTrue();
        assertThat(content).isEqualTo(Arrays.copyOfRange(memory.bytes(), number << 12, number + 1 << 12));
        return content;
    }

    @Test
    void anHonestHostChangesNothingAndSeesNothing() throws Exception {
        byte[] secret = "the tenant's secret that lies in the VM's memory".getBytes();
        System.arraycopy(secret, 0, memory.bytes(), 4096, secret.length);
        StringBuilder seen = new StringBuilder();
        host = (toAgent, bytes) -> {
            synchronized (seen) {
                for (int i = bytes.position(); i < bytes.limit(); i++) {
                    seen.append((char) (bytes.get(i) & 0xff));
                }
            }
        };
        page(connect(), 1);
        assertThat(seen.length()).isGreaterThan(4096);
        assertThat(seen.toString()).doesNotContain("secret");
        assertThat(notes).anyMatch(note -> note.contains("an enclave reads "));
    }

    /** What the host does from a certain byte on in one direction. */
    private void fails(boolean attackedToAgent, Relay.Observer attack) throws Exception {
        host = (toAgent, bytes) -> { };
        RemoteMemory remote = connect();
        remote.control().orElseThrow().pause();
        page(remote, 3);
        host = (toAgent, bytes) -> {
            if (toAgent == attackedToAgent) {
                attack.passing(toAgent, bytes);
            }
        };
        Throwable failure = catchThrowable(() -> {
            for (int i = 4; i < 40; i++) {
                page(remote, i);
            }
        });
        assertThat(failure).isInstanceOf(GuestMemoryException.class).hasMessageContaining("the connection to the agent is broken");
    }

    @Test
    void flippedBitsAreNoticed() throws Exception {
        for (boolean toAgent : new boolean[] {true, false}) {
            fails(toAgent, (direction, bytes) -> bytes.put(bytes.limit() - 1, (byte) (bytes.get(bytes.limit() - 1) ^ 1)));
        }
    }

    @Test
    void droppedBytesAreNoticed() throws Exception {
        for (boolean toAgent : new boolean[] {true, false}) {
            fails(toAgent, (direction, bytes) -> bytes.limit(bytes.limit() - 1));
        }
    }

    @Test
    void droppedMessagesAreNoticedInTime() throws Exception {
        fails(false, (direction, bytes) -> bytes.position(bytes.limit()));
    }

    @Test
    void replayedMessagesAreNoticed() throws Exception {
        for (boolean toAgent : new boolean[] {true, false}) {
            AtomicReference<byte[]> recorded = new AtomicReference<>();
            fails(toAgent, (direction, bytes) -> {
                byte[] now = new byte[bytes.remaining()];
                bytes.get(bytes.position(), now);
                byte[] before = recorded.getAndSet(now);
                if (before != null && before.length == now.length) {
                    bytes.put(bytes.position(), before);
                }
            });
        }
    }

    @Test
    void aCutConnectionIsNoticed() throws Exception {
        fails(false, (direction, bytes) -> {
            throw new IOException("cut");
        });
    }

    @Test
    void pagesOfAnotherSessionCannotBeSplicedIn() throws Exception {
        RemoteMemory other = connect();
        AtomicReference<byte[]> recorded = new AtomicReference<>();
        host = (toAgent, bytes) -> {
            if (!toAgent) {
                byte[] now = new byte[bytes.remaining()];
                bytes.get(bytes.position(), now);
                recorded.set(now);
            }
        };
        page(other, 3);
        host = (toAgent, bytes) -> { };
        fails(false, (direction, bytes) -> {
            byte[] theirs = recorded.get();
            bytes.clear().put(theirs).flip();
        });
    }

    @Test
    void theAgentMustHaveThePinnedKey() {
        assertThatThrownBy(() -> connect(parties.prover(Parties.MEASUREMENT), Bytes.zeros(32))).hasMessageContaining("this is not the agent");
    }

    @Test
    void anotherEnclaveIsRefused() {
        assertThatThrownBy(() -> connect(parties.prover(Bytes.sha256(new byte[] {2})), parties.agent.keyDigest()))
                .hasMessageContaining("MRENCLAVE_REFUSED");
    }

    @Test
    void anEnclaveOfAnotherPlatformIsRefused() throws Exception {
        Prover stranger = new Parties().prover(Parties.MEASUREMENT);
        assertThatThrownBy(() -> connect(stranger, parties.agent.keyDigest())).hasMessageContaining("ROOT_UNTRUSTED");
    }

    @Test
    void collateralOfAnotherPlatformIsRefused() throws Exception {
        Prover own = parties.prover(Parties.MEASUREMENT);
        Prover mixed = new Prover(own.provider(), new Parties().prover(Parties.MEASUREMENT).collateral(), Map.of());
        assertThatThrownBy(() -> connect(mixed, parties.agent.keyDigest())).hasMessageContaining("the other side refuses this enclave");
    }

    @Test
    void revokedAndOutdatedPlatformsAreRefused() throws Exception {
        Prover own = parties.prover(Parties.MEASUREMENT);
        Prover revoked = new Prover(own.provider(), () -> parties.platform.collateral().revokePlatform().build(), Map.of());
        assertThatThrownBy(() -> connect(revoked, parties.agent.keyDigest())).hasMessageContaining("PCK_REVOKED");
        Prover outdated = new Prover(own.provider(),
                () -> parties.platform.collateral().platformStatus(TcbStatus.OUT_OF_DATE).build(), Map.of());
        assertThatThrownBy(() -> connect(outdated, parties.agent.keyDigest())).hasMessageContaining("TCB_STATUS_REFUSED");
        Prover old = new Prover(own.provider(),
                () -> parties.platform.collateral().issued(Parties.CLOCK.instant().minus(Duration.ofDays(400))).build(), Map.of());
        assertThatThrownBy(() -> connect(old, parties.agent.keyDigest())).hasMessageContaining("EXPIRED");
    }

    @Test
    void theSimulationIsRefusedUnlessItIsAllowed() throws Exception {
        RaTlsVerifier strict = new RaTlsVerifier(new DcapVerifier(List.of(parties.platform.anchor()), false, Clock.systemUTC()), parties.policy(), List.of(),
                Clock.systemUTC());
        try (AgentServer agent = new AgentServer(listen(UnixDomainSocketAddress.of(directory.resolve("strict"))), parties.agent, parties.gate(strict, null),
                event -> notes.add(event.toString()))) {
            Thread.ofVirtual().start(() -> run(agent::run));
            assertThatThrownBy(() -> AgentConnection.open(SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("strict"))), "", parties.enclave,
                    Set.of(parties.agent.keyDigest()), parties.prover(Parties.MEASUREMENT), OPTIONS)).hasMessageContaining("SIMULATION_REFUSED");
        }
    }

    @Test
    void aQuoteOfAnEarlierSessionIsRefused() throws Exception {
        AtomicReference<byte[]> recorded = new AtomicReference<>();
        Prover own = parties.prover(Parties.MEASUREMENT);
        QuoteProvider recorder = provider(own.provider(), recorded, false);
        connect(new Prover(recorder, own.collateral(), Map.of()), parties.agent.keyDigest());
        QuoteProvider replaying = provider(own.provider(), recorded, true);
        assertThatThrownBy(() -> connect(new Prover(replaying, own.collateral(), Map.of()), parties.agent.keyDigest()))
                .hasMessageContaining("CLAIMS_UNBOUND");
    }

    private static QuoteProvider provider(QuoteProvider real, AtomicReference<byte[]> recorded, boolean replay) {
        return new QuoteProvider() {
            @Override
            public Kind kind() {
                return real.kind();
            }

            @Override
            public byte[] quote(Bytes reportData) throws AttestationException {
                if (!replay) {
                    recorded.set(real.quote(reportData));
                }
                return recorded.get();
            }
        };
    }

    @Test
    void anEnclaveInTheMiddleCannotPassOnAnothersEvidence() throws Exception {
        // The man in the middle ends the enclave's TLS and has a session of its own with the agent, which its challenge and the evidence pass through.
        UnixDomainSocketAddress middle = UnixDomainSocketAddress.of(directory.resolve("middle"));
        TlsIdentity attacker = TlsIdentity.ephemeral(Parties.CLOCK);
        AtomicInteger passed = new AtomicInteger();
        try (ServerSocketChannel listener = listen(middle)) {
            Thread.ofVirtual().start(() -> run(() -> {
                try (TlsChannel enclave = new TlsChannel(listener.accept(), attacker.serverEngine());
                        TlsChannel agent = new TlsChannel(SocketChannel.open(relayAddress), attacker.clientEngine())) {
                    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
                    agent.read(buffer);
                    enclave.write(buffer.flip());
                    passed.incrementAndGet();
                    while (enclave.read(buffer.clear()) >= 0) {
                        agent.write(buffer.flip());
                    }
                }
            }));
            // An enclave that pins no agent: even then its evidence is worth nothing to the man in the middle.
            assertThatThrownBy(() -> AgentConnection.open(SocketChannel.open(middle), "", parties.enclave, Set.of(attacker.keyDigest()),
                    parties.prover(Parties.MEASUREMENT), OPTIONS)).isInstanceOf(IOException.class);
        }
        assertThat(passed).hasValue(1);
        for (int waits = 0; notes.stream().noneMatch(note -> note.contains("refused")) && waits < 1000; waits++) {
            Thread.sleep(10);
        }
        assertThat(notes).anyMatch(note -> note.contains("CLAIMS_UNBOUND") || note.contains("KEY_UNBOUND"))
                .noneMatch(note -> note.contains("an enclave reads"));
    }

    @Test
    void tls12IsRefused() throws Exception {
        SSLEngine old = parties.enclave.clientEngine();
        old.setEnabledProtocols(new String[] {"TLSv1.2"});
        old.setEnabledCipherSuites(old.getSupportedCipherSuites());
        SocketChannel socket = SocketChannel.open(relayAddress);
        assertThatThrownBy(() -> new TlsChannel(socket, old)).isInstanceOf(ChannelException.class);
    }

    @Test
    void noiseInsteadOfTlsIsRefused() throws Exception {
        long seed = System.nanoTime();
        System.out.println("noise: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            try (SocketChannel socket = SocketChannel.open(relayAddress)) {
                byte[] noise = new byte[1 + random.nextInt(500)];
                random.nextBytes(noise);
                if (random.nextBoolean()) {
                    noise[0] = 22;
                }
                socket.write(ByteBuffer.wrap(noise));
            }
        }
        page(connect(), 5);
    }

    @Test
    void theAgentDyingEndsThePause() throws Exception {
        RemoteMemory remote = connect();
        remote.control().orElseThrow().pause();
        assertThat(memory.pauses()).isOne();
        open.getFirst().close();
        assertThatThrownBy(() -> page(remote, 1)).hasMessageContaining("broken");
    }
}
