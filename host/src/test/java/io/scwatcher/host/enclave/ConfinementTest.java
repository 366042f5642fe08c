package io.scwatcher.host.enclave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a confined program can reach, told by the program itself. */
class ConfinementTest {
    @TempDir
    private Path directory;

    private List<String> inside(List<String> prefix) throws IOException, InterruptedException {
        assumeTrue(allowed(), "this host forbids user namespaces");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path classes = Files.createDirectories(directory.resolve("classes/io/scwatcher/host/enclave"));
        try (var compiled = Inside.class.getResourceAsStream("Inside.class")) {
            Files.write(classes.resolve("Inside.class"), compiled.readAllBytes());
        }
        Path root = Files.createDirectory(directory.resolve("root" + prefix.size()));
        Path file = Files.writeString(directory.resolve("file"), "a gift");
        Confinement confinement = new Confinement().give(directory.resolve("classes"), Path.of("/classes")).give(file, Path.of("/given"));
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = new ArrayList<>(prefix);
            command.addAll(confinement.command(root, List.of("-XX:+UseSerialGC", "-cp", "/classes", Inside.class.getName(), file.toString(),
                    Integer.toString(listener.getLocalPort()))));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().keySet().retainAll(List.of("PATH"));
            Process process = builder.start();
            List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
            assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
            assertThat(Files.list(root)).as("nothing is mounted outside").isEmpty();
            return lines;
        }
    }

    private static boolean allowed() {
        try {
            Confinement.require();
            return true;
        } catch (EnclaveException e) {
            return false;
        }
    }

    private static void check(List<String> lines) {
        assertThat(lines).contains("given a gift", "writes falsefalsefalse", "connects false", "random 8")
                .contains("/etc/passwd is not there", "/proc/cpuinfo is not there", "/home is not there", "/tmp is not there", "/sys is not there");
        assertThat(lines).noneMatch(line -> line.endsWith("/file is there") || line.contains("root/etc/passwd is there"));
        String root = lines.stream().filter(line -> line.startsWith("root ")).findFirst().orElseThrow();
        assertThat(List.of(root.substring("root [".length(), root.length() - 1).split(", "))).isSubsetOf("classes", "dev", "given", "lib", "lib64", "proc", "usr", "opt", "root", "home");
        assertThat(lines).filteredOn(line -> line.startsWith("Cap")).allMatch(line -> line.endsWith("\t0000000000000000"));
        assertThat(lines).filteredOn(line -> line.startsWith("Uid:")).allMatch(line -> line.equals("Uid:\t1000\t1000\t1000\t1000"));
        assertThat(lines).filteredOn(line -> line.startsWith("proc ")).allMatch(line -> line.equals("proc []") || line.equals("proc [1, self, thread-self]"));
        assertThat(lines).filteredOn(line -> line.startsWith("interfaces ")).allMatch(line -> line.equals("interfaces []") || line.equals("interfaces [lo]"));
    }

    @Test
    void aProgramReachesOnlyWhatItIsGiven() throws Exception {
        check(inside(List.of()));
    }

    @Test
    void soItDoesWhenAnOrdinaryUserStartsIt() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/setpriv")));
        check(inside(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")));
    }
}
