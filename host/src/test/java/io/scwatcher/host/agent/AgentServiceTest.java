package io.scwatcher.host.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.provider.QuoteSource;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import io.scwatcher.channel.page.RemoteMemory;
import io.scwatcher.channel.page.RemoteOptions;
import io.scwatcher.channel.session.AgentAddress;
import io.scwatcher.channel.session.AgentConnection;
import io.scwatcher.channel.session.AgentEvent;
import io.scwatcher.channel.session.AgentEvent.Kind;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.channel.session.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent with policies, on images that stand still; in this process. */
class AgentServiceTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Bytes MEASUREMENT = Bytes.sha256(new byte[] {1});
    private static final int SIZE = 4 << 20;

    @TempDir
    private Path folder;
    private final BlockingQueue<AgentEvent> events = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final TlsIdentity key = TlsIdentity.ephemeral(CLOCK);
    private SimulatedPlatform platform;
    private byte[] one;
    private byte[] two;

    @BeforeEach
    void prepare() throws Exception {
        platform = SimulatedPlatform.open(SimulationStore.inMemory(), CLOCK);
        one = image("one.raw", 1);
        two = image("two.raw", 2);
    }

    private byte[] image(String name, int seed) throws IOException {
        byte[] content = new byte[SIZE];
        new Random(seed).nextBytes(content);
        Files.write(folder.resolve(name), content);
        return content;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private String policy(String vms) {
        return AgentPolicy.simulated(platform.anchor().keyDigest(), MEASUREMENT, null, Set.of()).replaceFirst("\\{\"vm\": .*", vms);
    }

    private static String grant(String vm) {
        return "{\"vm\": \"%s\", \"captures\": [\"live\", \"paused\"], \"pauseLeaseSeconds\": 5, \"bytesPerSecond\": 0, \"openEpochs\": 4}".formatted(vm);
    }

    private AgentAddress start(String policy, String... images) throws IOException {
        AgentService service = AgentService.start(List.of(images).stream().map(image -> folder.resolve(image).toString()).toList(),
                ListenAddress.parse("unix:" + folder.resolve("agent.sock")), key, AgentPolicy.parse(policy.getBytes(StandardCharsets.UTF_8)), events::add, _ -> { });
        open.add(service);
        Thread.ofVirtual().start(() -> {
            try {
                service.serve();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return AgentAddress.parse(service.address());
    }

    private RemoteMemory connect(AgentAddress address, String vm) throws IOException, AttestationException {
        Prover prover = new Prover(new QuoteSource.Simulation(platform, new SimulatedEnclave(MEASUREMENT, Bytes.zeros(32), 0, 0)).open(),
                () -> platform.collateral().build(), Map.of());
        RemoteMemory memory = AgentConnection.open(address.connect(), vm, TlsIdentity.ephemeral(CLOCK), Set.of(key.keyDigest()), prover, RemoteOptions.USUAL);
        open.add(memory);
        return memory;
    }

    private static void holds(RemoteMemory memory, byte[] content) {
        byte[] read = new byte[SIZE];
        assertThat(memory.read(0, read, 0, SIZE)).isTrue();
        assertThat(read).isEqualTo(content);
    }

    private AgentEvent event(Kind kind) throws InterruptedException {
        AgentEvent event = events.poll(1, TimeUnit.MINUTES);
        while (event != null && event.kind() != kind) {
            event = events.poll(1, TimeUnit.MINUTES);
        }
        assertThat(event).isNotNull();
        return event;
    }

    @Test
    void eachVmIsServedByItsNameAndUuid() throws Exception {
        AgentAddress agent = start(policy(grant("any")), "one.raw", "two.raw");
        holds(connect(agent, "one.raw"), one);
        assertThat(event(Kind.CONNECTED)).satisfies(told -> {
            assertThat(told.vm()).isEqualTo("one.raw");
            assertThat(told.enclave()).startsWith(MEASUREMENT.toString()).contains("SIMULATED");
        });
        RemoteMemory second = connect(agent, "two.raw");
        holds(second, two);
        holds(connect(agent, second.identity().uuid().toString()), two);
        assertThatThrownBy(() -> connect(agent, "")).hasMessageContaining("several VMs").hasMessageContaining("ACCESS_REFUSED");
        assertThatThrownBy(() -> connect(agent, "three.raw")).hasMessageContaining("no such VM");
        assertThat(event(Kind.REFUSED).reason()).isEqualTo("ACCESS_REFUSED");
    }

    @Test
    void aVmThatTheRuleDoesNotNameIsRefused() throws Exception {
        AgentAddress agent = start(policy(grant("one.raw")), "one.raw", "two.raw");
        holds(connect(agent, "one.raw"), one);
        assertThatThrownBy(() -> connect(agent, "two.raw")).hasMessageContaining("does not let this enclave read the VM two.raw");
    }

    @Test
    void connectionsAreCountedAndGivenBack() throws Exception {
        AgentAddress agent = start(policy(grant("any")).replace("\"connections\": 32", "\"connections\": 1"), "one.raw");
        RemoteMemory first = connect(agent, "");
        holds(first, one);
        assertThatThrownBy(() -> connect(agent, "")).hasMessageContaining("as many as the policy allows");
        first.close();
        event(Kind.LEFT);
        holds(connect(agent, ""), one);
    }

    @Test
    void strangersAreRefusedBeforeTheyHearOfAnyVm() throws Exception {
        AgentAddress agent = start(policy(grant("any")).replace(MEASUREMENT.toString(), Bytes.sha256(new byte[] {9}).toString()), "one.raw");
        assertThatThrownBy(() -> connect(agent, "no such")).hasMessageContaining("MRENCLAVE_REFUSED").hasMessageNotContaining("VM");
        AgentEvent refused = event(Kind.REFUSED);
        assertThat(refused.reason()).isEqualTo("MRENCLAVE_REFUSED");
        assertThat(refused.vm()).isEmpty();
        assertThat(refused.enclave()).startsWith(MEASUREMENT.toString());
    }

    @Test
    void theAgentsOwnCollateralHolds() throws Exception {
        Path file = folder.resolve("collateral.json");
        String policy = policy(grant("any")).replace("\"collateral\": \"enclave\"", "\"collateral\": \"" + file + "\"");
        AgentAddress agent = start(policy, "one.raw");
        assertThatThrownBy(() -> connect(agent, "")).hasMessageContaining("COLLATERAL_MALFORMED");
        Files.write(file, platform.collateral().build().toJson());
        holds(connect(agent, ""), one);
        Files.write(file, platform.collateral().revokePlatform().build().toJson());
        assertThatThrownBy(() -> connect(agent, "")).hasMessageContaining("PCK_REVOKED");
    }

    @Test
    void twoCannotListenAtOnePlaceAndALeftOverSocketIsReplaced() throws Exception {
        AgentAddress agent = start(policy(grant("any")), "one.raw");
        assertThatThrownBy(() -> start(policy(grant("any")), "one.raw")).isInstanceOf(IOException.class).hasMessageContaining("listens there already");
        holds(connect(agent, ""), one);
        open.getFirst().close();
        Path socket = folder.resolve("agent.sock");
        assertThat(socket).doesNotExist();
        try (var left = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            left.bind(java.net.UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        holds(connect(start(policy(grant("any")), "one.raw"), ""), one);
    }
}
