package io.scwatcher.enclave.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.enclave.run.LayerRunner;
import io.scwatcher.enclave.session.AttestedEnclave;
import io.scwatcher.enclave.session.SessionClient;
import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.enclave.session.ToolRequest.Bounds;
import io.scwatcher.enclave.session.ToolRequest.Mode;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.enclave.statement.SignedStatement;
import io.scwatcher.enclave.statement.Statement;
import io.scwatcher.enclave.statement.StatementVerifier;
import io.scwatcher.os.bundle.Manifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant and an enclave on a simulated platform: who accepts whom, and whose tools run. */
class TenantTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Bytes MEASURED = Bytes.sha256(new byte[] {1});
    @TempDir
    private static Path folder;
    private static SimulatedPlatform platform;
    private static String bundle;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final TlsIdentity tenant = TlsIdentity.ephemeral(CLOCK);
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private EnclaveConfiguration configuration;
    private ServerSocketChannel listener;
    private TenantServer server;
    private Path socket;

    @BeforeAll
    static void prepare() throws Exception {
        platform = SimulatedPlatform.open(SimulationStore.file(folder.resolve("platform")), CLOCK);
        Files.writeString(folder.resolve("mrenclave"), MEASURED + "\n");
        Path program = folder.resolve("session");
        assertThat(new ProcessBuilder("gcc", "-O1", "-static", "-o", program.toString(), "src/test/c/session.c").inheritIO().start().waitFor()).isZero();
        Path made = folder.resolve("made");
        bundle = write(made, Files.readAllBytes(program));
        Files.move(made, folder.resolve(bundle));
    }

    /** @return the digest */
    private static String write(Path file, byte[] program) throws Exception {
        String content = Bytes.sha256(program).toString();
        byte[] manifest = Manifest.of(List.of(new Manifest.Entry("bin/session", Manifest.Type.FILE, 0755, 0, 0, 0, program.length, content))).text();
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("manifest.mtree"));
            zip.write(manifest);
            zip.putNextEntry(new ZipEntry("sha256/" + content));
            zip.write(program);
        }
        return Bytes.sha256(manifest).toString();
    }

    private String configured(String tenants) {
        return """
                {"version": 1, "evidence": {"source": "simulation", "platform": "%1$s/platform", "mrenclave": "%1$s/mrenclave"}, "listen": "inherited",
                 "agents": {"keys": [], "addresses": ["agent+unix:%1$s/agents/*"]}, "tenants": %2$s, "bundles": {"directory": "%1$s", "digests": "any"},
                 "limits": {"runs": 2, "runsOfOneTenant": 1, "memoryMegabytes": 64, "processes": 16, "cpuSeconds": 60, "outputMegabytes": 1}}
                """.formatted(folder, tenants);
    }

    private void start(String text) throws Exception {
        configuration = EnclaveConfiguration.parse(text.getBytes(StandardCharsets.UTF_8));
        Prover prover = EnclaveIdentity.open(configuration);
        socket = folder.resolve("s" + System.nanoTime());
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        LayerRunner runner = new LayerRunner(new AgentVms(configuration, prover), new HostBundles(configuration.bundles(), configuration.allowedBundles()));
        server = new TenantServer(configuration, prover, runner, log::add);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                server.serve(listener);
            } catch (IOException e) {
                log.add(e.toString());
            }
        });
    }

    @BeforeEach
    void start() throws Exception {
        start(configured("[\"" + tenant.keyDigest() + "\"]"));
    }

    @AfterEach
    void stop() throws IOException {
        listener.close();
    }

    private Policy.Builder policy() {
        return Policy.builder().mrEnclave(Requirement.is(MEASURED)).mrSigner(Requirement.any()).productId(Requirement.any()).minimumSvn(Requirement.any())
                .bundle(Requirement.any()).configuration(Requirement.is(configuration.digest()));
    }

    private AttestedEnclave open(TlsIdentity who, Policy policy, boolean allowSimulation) throws IOException, AttestationException {
        return AttestedEnclave.open(SocketChannel.open(UnixDomainSocketAddress.of(socket)), who,
                new RaTlsVerifier(new DcapVerifier(List.of(platform.anchor()), allowSimulation, CLOCK), policy, List.of(), CLOCK));
    }

    private AttestedEnclave open() throws IOException, AttestationException {
        return open(tenant, policy().build(), true);
    }

    private int run(AttestedEnclave enclave, String vm, String tools, Bounds bounds, String... command) throws IOException, RefusedException {
        ToolRequest request = new ToolRequest(vm, false, tools, List.of(command), List.of("PATH=/bin"), "/", null, Mode.INTERPRETER, false, bounds);
        return enclave.client().run(request, new ByteArrayInputStream("abc\n".getBytes(StandardCharsets.US_ASCII)), output, output, log::add);
    }

    @Test
    void aCommandRunsInAnEnclaveThatProvedItself() throws Exception {
        try (AttestedEnclave enclave = open()) {
            assertThat(enclave.attested().verdict().isSimulated()).isTrue();
            assertThat(run(enclave, "", bundle, Bounds.NONE, "session", "copy")).isZero();
        }
        assertThat(output.toString(StandardCharsets.US_ASCII)).isEqualTo("ABC\n");
        assertThat(log).isEmpty();
    }

    @Test
    void aTenantGetsAStatementAboutItsCommand() throws Exception {
        Bytes nonce = Bytes.sha256(new byte[] {7});
        SignedStatement signed;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (AttestedEnclave enclave = open()) {
            ToolRequest request = new ToolRequest("", false, bundle, List.of("session", "copy"), List.of("PATH=/bin"), "/", null, Mode.INTERPRETER, false, Bounds.NONE)
                    .stated(nonce);
            SessionClient client = enclave.client();
            assertThat(client.run(request, new ByteArrayInputStream("abc\n".getBytes(StandardCharsets.US_ASCII)), output, errors, log::add)).isZero();
            signed = SignedStatement.parse(client.statement());
        }
        assertThat(new StatementVerifier(new RaTlsVerifier(new DcapVerifier(List.of(platform.anchor()), true, CLOCK), policy().build(), List.of(), CLOCK)).verify(signed, null)
                .claims().value(Claims.CONFIGURATION)).isEqualTo(configuration.digest());
        Statement statement = signed.statement();
        assertThat(statement.nonce()).isEqualTo(nonce);
        assertThat(statement.tenant()).isEqualTo(tenant.keyDigest());
        assertThat(statement.bundle()).hasToString(bundle);
        assertThat(statement.command()).containsExactly("session", "copy");
        assertThat(statement.vm()).isNull();
        assertThat(statement.exit()).isZero();
        assertThat(statement.input().is(4, Bytes.sha256("abc\n".getBytes(StandardCharsets.US_ASCII)))).isTrue();
        assertThat(statement.output().is(4, Bytes.sha256(output.toByteArray()))).isTrue();
        assertThat(statement.errors().is(0, Bytes.sha256(new byte[0]))).isTrue();
    }

    @Test
    void aCommandThatIsTooLongForAStatementIsRefused() throws Exception {
        ToolRequest request = new ToolRequest("", false, bundle, List.of("session", "x".repeat(600_000)), List.of(), "/", null, Mode.INTERPRETER, false, Bounds.NONE)
                .stated(Bytes.EMPTY);
        try (AttestedEnclave enclave = open()) {
            assertThatThrownBy(() -> enclave.client().run(request, InputStream.nullInputStream(), output, output, log::add)).isInstanceOf(RefusedException.class)
                    .hasMessageContaining("too long");
        }
    }

    @Test
    void simulationIsRefusedUnlessAllowed() {
        assertThatThrownBy(() -> open(tenant, policy().build(), false)).isInstanceOfSatisfying(AttestationException.class,
                e -> assertThat(e.reason()).isEqualTo(Reason.SIMULATION_REFUSED));
    }

    @Test
    void anotherProgramOrConfigurationIsRefused() {
        Bytes other = Bytes.sha256(new byte[] {2});
        assertThatThrownBy(() -> open(tenant, policy().mrEnclave(Requirement.is(other)).build(), true)).isInstanceOfSatisfying(AttestationException.class,
                e -> assertThat(e.reason()).isEqualTo(Reason.MRENCLAVE_REFUSED));
        Policy mine = policy().build();
        assertThatThrownBy(() -> {
            stop();
            start(configured("\"any\""));
            open(tenant, mine, true);
        }).isInstanceOfSatisfying(AttestationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFIGURATION_REFUSED));
    }

    @Test
    void aRogueClientGetsNothing() {
        assertThatThrownBy(() -> open(TlsIdentity.ephemeral(CLOCK), policy().build(), true)).isInstanceOf(IOException.class);
        assertThat(log).singleElement().asString().startsWith("refused a tenant");
    }

    @Test
    void aBundleThatTheHostChangedIsRefused() throws Exception {
        String claimed = "0".repeat(64);
        write(folder.resolve(claimed), new byte[] {1});
        try (AttestedEnclave enclave = open()) {
            assertThatThrownBy(() -> run(enclave, "", claimed, Bounds.NONE, "session", "copy")).isInstanceOf(RefusedException.class).hasMessageContaining("another one");
        }
        try (AttestedEnclave enclave = open()) {
            assertThatThrownBy(() -> run(enclave, "", "../session", Bounds.NONE, "session")).isInstanceOf(RefusedException.class).hasMessageContaining("digest");
        }
    }

    @Test
    void agentsAreLookedForOnlyWhereTheConfigurationSays() throws Exception {
        for (String address : List.of("agent://127.0.0.1:1", "agent+unix:" + folder + "/agents/../x", "/etc/passwd")) {
            try (AttestedEnclave enclave = open()) {
                assertThatThrownBy(() -> run(enclave, address, bundle, Bounds.NONE, "session", "copy")).isInstanceOf(RefusedException.class)
                        .hasMessageContaining("allows no agent at");
            }
        }
    }

    @Test
    void aTenantRunsNoMoreAtOnceThanAllowed() throws Exception {
        try (AttestedEnclave first = open()) {
            while (server.running() == 0) {
                Thread.sleep(5);
            }
            assertThatThrownBy(() -> run(open(), "", bundle, Bounds.NONE, "session", "copy")).isInstanceOfSatisfying(RefusedException.class,
                    e -> assertThat(e.exitCode()).isEqualTo(75));
            assertThat(run(first, "", bundle, Bounds.NONE, "session", "copy")).isZero();
        }
    }

    @Test
    void whatAConfigurationLacksOrHasTooMuchIsTold() {
        String good = configured("\"any\"");
        for (String[] change : new String[][] {{"\"version\": 1", "\"version\": 2"}, {"\"tenants\": \"any\",", ""}, {"\"any\"}", "[]}"}, {"\"runs\": 2", "\"runs\": -1"},
            {"\"listen\"", "\"more\": 1, \"listen\""}, {"\"keys\": []", "\"keys\": [\"00\"]"}, {"\"runs\": 2", "\"runs\": 2, \"runs\": 2"}, {"\"simulation\"", "\"guess\""}}) {
            String changed = good.replace(change[0], change[1]);
            assertThat(changed).isNotEqualTo(good);
            assertThatThrownBy(() -> EnclaveConfiguration.parse(changed.getBytes(StandardCharsets.UTF_8))).isInstanceOf(IOException.class).hasMessageStartingWith("the configuration");
        }
    }
}
