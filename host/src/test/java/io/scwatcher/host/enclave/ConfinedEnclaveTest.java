package io.scwatcher.host.enclave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.enclave.session.AttestedEnclave;
import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.os.bundle.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The enclave's own program, in a confined process, started as an installation starts it. A JVM starts for each test: about a second. */
class ConfinedEnclaveTest {
    private static final Clock CLOCK = Clock.systemUTC();
    @TempDir
    private Path folder;
    private SimulatedPlatform platform;
    private String bundle;
    private byte[] configuration;
    private final TlsIdentity tenant = TlsIdentity.ephemeral(CLOCK);
    private final EnclaveProgram program = EnclaveProgram.ofThisInstallation();

    @BeforeEach
    void prepare() throws Exception {
        try {
            Confinement.require();
        } catch (EnclaveException e) {
            assumeTrue(false, e.getMessage());
        }
        platform = SimulatedPlatform.open(SimulationStore.file(folder.resolve("platform")), CLOCK);
        Files.createDirectories(folder.resolve("agents"));
        bundle = bundle(Files.createDirectories(folder.resolve("bundles")));
        configuration = """
                {"version": 1, "evidence": {"source": "simulation", "platform": "/host/platform", "mrenclave": "/host/mrenclave"}, "listen": "inherited",
                 "agents": {"keys": [], "addresses": []}, "tenants": ["%s"], "bundles": {"directory": "/host/bundles", "digests": ["%s"]},
                 "limits": {"runs": 4, "runsOfOneTenant": 4, "memoryMegabytes": 64, "processes": 16, "cpuSeconds": 60, "outputMegabytes": 1}}
                """.formatted(tenant.keyDigest(), bundle).getBytes(StandardCharsets.UTF_8);
    }

    private String bundle(Path bundles) throws Exception {
        Path source = Files.writeString(folder.resolve("hello.c"), "#include <stdio.h>\nint main(void) { puts(\"from inside\"); return 7; }\n");
        Path hello = folder.resolve("hello");
        assertThat(new ProcessBuilder("gcc", "-O1", "-static", "-o", hello.toString(), source.toString()).inheritIO().start().waitFor()).isZero();
        byte[] bytes = Files.readAllBytes(hello);
        String content = Bytes.sha256(bytes).toString();
        byte[] manifest = Manifest.of(List.of(new Manifest.Entry("bin/hello", Manifest.Type.FILE, 0755, 0, 0, 0, bytes.length, content))).text();
        String digest = Bytes.sha256(manifest).toString();
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bundles.resolve(digest)))) {
            zip.putNextEntry(new ZipEntry("manifest.mtree"));
            zip.write(manifest);
            zip.putNextEntry(new ZipEntry("sha256/" + content));
            zip.write(bytes);
        }
        return digest;
    }

    private ConfinedEnclave start() throws IOException {
        return ConfinedEnclave.start(program, new ConfinedEnclave.Gifts(configuration, folder.resolve("platform"), folder.resolve("bundles"), folder.resolve("agents")),
                Files.createTempDirectory("scw-enclave"), false);
    }

    private AttestedEnclave open(ConfinedEnclave enclave, Bytes measurement) throws IOException, AttestationException {
        Policy policy = Policy.builder().mrEnclave(Requirement.is(measurement)).mrSigner(Requirement.any()).productId(Requirement.any())
                .minimumSvn(Requirement.any()).bundle(Requirement.any()).configuration(Requirement.is(Bytes.sha256(configuration))).build();
        return AttestedEnclave.open(enclave.connect(), tenant, new RaTlsVerifier(new DcapVerifier(List.of(platform.anchor()), true, CLOCK), policy, List.of(), CLOCK));
    }

    private static ToolRequest request(String bundle, String... command) {
        return new ToolRequest("", false, bundle, List.of(command), List.of("PATH=/bin"), "/", null, ToolRequest.Mode.MIXED, false, ToolRequest.Bounds.NONE);
    }

    @Test
    void itProvesWhatItIsAndRunsTools() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (ConfinedEnclave enclave = start()) {
            for (int i = 0; i < 2; i++) {
                try (AttestedEnclave attested = open(enclave, program.measurement())) {
                    assertThat(attested.client().run(request(bundle, "hello"), InputStream.nullInputStream(), output, output, _ -> { })).isEqualTo(7);
                }
            }
            assertThatThrownBy(() -> open(enclave, Bytes.sha256(new byte[0]))).isInstanceOfSatisfying(AttestationException.class,
                    e -> assertThat(e.reason()).isEqualTo(Reason.MRENCLAVE_REFUSED));
        }
        assertThat(output.toString(StandardCharsets.US_ASCII)).isEqualTo("from inside\n".repeat(2));
    }

    @Test
    void killedItIsToldAndNothingIsLeft() throws Exception {
        ConfinedEnclave enclave = start();
        AttestedEnclave attested = open(enclave, program.measurement());
        List<ProcessHandle> processes = ProcessHandle.of(enclave.pid()).orElseThrow().descendants().toList();
        assertThat(processes).isNotEmpty();
        enclave.close();
        for (ProcessHandle process : processes) {
            process.onExit().join();
        }
        assertThatThrownBy(() -> attested.client().run(request(bundle, "hello"), InputStream.nullInputStream(), OUT, OUT, _ -> { })).isInstanceOf(IOException.class);
        assertThatThrownBy(enclave::connect).isInstanceOf(IOException.class).hasMessage("the enclave has ended");
    }

    private static final java.io.OutputStream OUT = java.io.OutputStream.nullOutputStream();
}
