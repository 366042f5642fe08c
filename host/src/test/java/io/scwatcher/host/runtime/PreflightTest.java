package io.scwatcher.host.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.host.runtime.Finding.Status;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
    @TempDir
    Path root;

    @Test
    void aMachineWithoutSgxLacksAllThatBelongsToIt() throws IOException {
        file("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu vme sse4_2\n");

        assertThat(statuses(SgxRuntime.GRAMINE)).containsEntry("SGX", Status.MISSING).containsEntry("SGX driver", Status.MISSING)
                .containsEntry("quoting service", Status.MISSING).containsEntry("gramine-sgx", Status.MISSING).doesNotContainKey("launch control");
    }

    @Test
    void aMachineThatHasEverythingMissesNothing() throws IOException {
        machine();
        try (ServerSocketChannel aesm = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Files.createDirectories(root.resolve("var/run/aesmd"));
            aesm.bind(UnixDomainSocketAddress.of(root.resolve("var/run/aesmd/aesm.socket")));

            assertThat(statuses(SgxRuntime.GRAMINE).values()).containsOnly(Status.PRESENT);
        }
        assertThat(finding("enclave page cache").detail()).isEqualTo("96 MiB");
        assertThat(finding("provisioning service").detail()).contains("https://pccs.example:8081/");
    }

    @Test
    void aServiceThatDoesNotListenIsMissing() throws IOException {
        machine();
        file("var/run/aesmd/aesm.socket", "");

        assertThat(finding("quoting service").status()).isEqualTo(Status.MISSING);
    }

    @Test
    void anOldKernelCannotGrowEnclaves() throws IOException {
        machine();
        file("proc/sys/kernel/osrelease", "5.15.0-91-generic\n");

        assertThat(finding("EDMM").status()).isEqualTo(Status.LACKING);
        assertThat(finding("EDMM").detail()).contains("kernel");
    }

    @Test
    void aProcessorWithoutExinfoCannotRunTheJvm() throws IOException {
        machine();
        cpuid(0x3, 0x0);

        assertThat(finding("EXINFO").status()).isEqualTo(Status.MISSING);
    }

    @Test
    void withoutTheCpuidDriverNobodyKnows() throws IOException {
        machine();
        Files.delete(root.resolve("dev/cpu/0/cpuid"));

        assertThat(finding("EDMM and EXINFO").status()).isEqualTo(Status.UNKNOWN);
    }

    private void machine() throws IOException {
        file("proc/cpuinfo", "flags\t\t: fpu sgx sse4_2 sgx_lc\n");
        file("proc/sys/kernel/osrelease", "6.8.0-31-generic\n");
        file("dev/sgx_enclave", "");
        file("dev/sgx_provision", "");
        file("sys/devices/system/node/node0/x86/sgx_total_bytes", "67108864\n");
        file("sys/devices/system/node/node1/x86/sgx_total_bytes", "33554432\n");
        file("etc/sgx_default_qcnl.conf", "{\n  \"pccs_url\": \"https://pccs.example:8081/\"\n}\n");
        cpuid(0x3, 0x1);
        for (String program : List.of("gramine-manifest", "gramine-sgx-sign", "gramine-sgx")) {
            file("bin/" + program, "");
            Files.setPosixFilePermissions(root.resolve("bin/" + program), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** A file with the two leaves at their offsets, as the driver's device gives them. */
    private void cpuid(int eax, int ebx) throws IOException {
        ByteBuffer leaves = ByteBuffer.allocate(0x12 + 16).order(ByteOrder.LITTLE_ENDIAN);
        leaves.putInt(0x7 + 4, 1 << 2);
        leaves.putInt(0x12, eax).putInt(0x12 + 4, ebx);
        Files.createDirectories(root.resolve("dev/cpu/0"));
        Files.write(root.resolve("dev/cpu/0/cpuid"), leaves.array());
    }

    private void file(String path, String content) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), content);
    }

    private Map<String, Status> statuses(SgxRuntime runtime) {
        return new Preflight(root, List.of(root.resolve("bin"))).check(runtime).stream().collect(Collectors.toMap(Finding::what, Finding::status));
    }

    private Finding finding(String what) {
        return new Preflight(root, List.of(root.resolve("bin"))).check(SgxRuntime.GRAMINE).stream().filter(one -> one.what().equals(what)).findFirst().orElseThrow();
    }
}
