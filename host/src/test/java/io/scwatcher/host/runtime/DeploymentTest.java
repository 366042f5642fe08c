package io.scwatcher.host.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.host.runtime.Deployment.Prepared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The image starts as it would in the enclave, and gets as far as asking for a quote. Costs about 10 s for each runtime. */
@Tag("slow")
class DeploymentTest {
    private static final Path TEMPLATES = Path.of("..", "deploy");
    private static final String REST = """
            "listen": "127.0.0.1:0",
            "agents": {"keys": ["%1$s"], "addresses": ["agent://10.0.0.7:7444"]},
            "tenants": "any",
            "bundles": {"directory": "/host/bundles", "digests": ["%1$s"]},
            "limits": {"runs": 4, "runsOfOneTenant": 2, "memoryMegabytes": 256, "processes": 64, "cpuSeconds": 0, "outputMegabytes": 0}}
            """.formatted("0f".repeat(32));

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(SgxRuntime.class)
    void theImageStartsWithTheOptionsAndAsksTheRuntimeForItsIdentity(SgxRuntime runtime) throws Exception {
        Path bundle = Files.writeString(directory.resolve("bundle"), "a bundle");
        Deployment deployment = new Deployment(runtime, new EnclaveJvm(256, 64), 7, 3);
        String evidence = switch (runtime) {
            case GRAMINE -> "\"source\": \"gramine\", \"directory\": \"/dev/attestation\", \"collateral\": \"/host/collateral.json\"";
            case OCCLUM -> "\"source\": \"occlum\", \"device\": \"/dev/sgx-is-not-here\", \"collateral\": \"/host/collateral.json\"";
            case SCONE -> "\"source\": \"provisioned\", \"key\": \"/attestation/key.pem\", \"chain\": \"/attestation/chain.pem\"";
        };

        Prepared made = deployment.write(directory.resolve("made"), "{\"version\": 1, \"evidence\": {" + evidence + "},\n" + REST, Map.of("0f".repeat(32), bundle),
                System.getProperty("jdk.module.path"), TEMPLATES);

        assertThat(made.directory().resolve("host/bundles").resolve("0f".repeat(32))).hasContent("a bundle");
        assertThat(output(List.of("sha256sum", "--quiet", "-c", "measured-files.sha256"), made.directory())).isEmpty();
        assertThat(Files.list(made.directory().resolve("image/app")).map(file -> file.getFileName().toString()))
                .noneMatch(name -> name.contains("host") || name.contains("picocli")).anyMatch(name -> name.contains("enclave"));
        String identity = runtime == SgxRuntime.GRAMINE ? "/dev/attestation" : runtime == SgxRuntime.OCCLUM ? "sgx-is-not-here" : "/attestation/key.pem";
        assertThat(output(inPlace(deployment.command(), made.directory()), made.directory())).startsWith("scwatcher enclave: ").contains(identity).hasLineCount(1);
    }

    /** The enclave's command line, with the image where it lies here. */
    private static List<String> inPlace(List<String> command, Path made) {
        List<String> here = new ArrayList<>();
        command.forEach(argument -> here.add(argument.startsWith(Deployment.IMAGE) ? made + argument : argument));
        return here;
    }

    private static String output(List<String> command, Path directory) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return output.strip();
    }
}
