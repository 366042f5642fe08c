package io.scwatcher.cli;

import static io.scwatcher.cli.Outcome.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees of wrong input: one clear line, the right exit code, no stack trace. */
class MainTest {
    private static void assertOneLine(Outcome outcome, int status, String... words) {
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(status);
        assertThat(outcome.err()).contains(words).doesNotContain("Exception", "\tat ");
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void withoutACommandTheUsageIsShown() {
        assertThat(run().status()).isEqualTo(ExitCode.USAGE);
        assertThat(run().err()).contains("Usage: scwatcher", "profile", "testbed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attest", "bench", "bundle", "cat", "demo", "enclave", "fidelity", "mount", "profile", "run", "testbed", "vms"})
    void everyCommandHasHelp(String command) {
        Outcome outcome = run(command, "--help");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains("Usage: scwatcher " + command);
        assertThat(run(command, "--version").out()).startsWith("scwatcher ");
    }

    @Test
    void wrongOptionsAreUsageErrors() {
        assertThat(run("profile", "--nonsense").status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("profile").err()).contains("--vm");
        assertThat(run("cat").err()).contains("--vm", "PATH");
        assertThat(run("testbed", "exec", "name").err()).contains("COMMAND");
        assertThat(run("testbed", "down").err()).contains("--all");
        assertThat(run("bench", "scale", "--tasks", "1,x").err()).contains("--tasks", "x");
        assertThat(run("nonsense").status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("run", "--vm", "1", "--runtime", "nonsense", "ps").err()).contains("nonsense", "NATIVE");
    }

    @Test
    void helpNamesDefaultsAndValues() {
        assertThat(run("testbed", "up", "--help").out()).contains("Default: 6.1", "Q35, PC", "Default: q35", "--debug");
        assertThat(run("bench", "scale", "--help").out()).contains("--tasks=N[,N...]", "Default: 100,1000,10000");
    }

    @Test
    void whatIsNoVmIsNamed() {
        assertOneLine(run("profile", "--vm", "no-such-vm"), ExitCode.UNAVAILABLE, "no-such-vm");
        assertOneLine(run("profile", "--vm", "/no/such/file"), ExitCode.UNAVAILABLE, "/no/such/file");
        assertOneLine(run("profile", "--vm", Long.toString(ProcessHandle.current().pid())), ExitCode.UNAVAILABLE, "QEMU");
        assertOneLine(run("profile", "--vm", "999999999"), ExitCode.UNAVAILABLE, "999999999");
    }

    @Test
    void debugShowsTheTraceAndIsOursOnlyBeforeTheToolsArguments() {
        assertThat(run("profile", "--vm", "no-such-vm", "--debug").err()).contains("\tat ");
        assertThat(run("testbed", "down", "--debug", "no-such-guest").err()).contains("\tat ");
        assertOneLine(run("run", "--vm", "no-such-vm", "--runtime", "native", "--", "tool", "--debug"), ExitCode.UNAVAILABLE,
                "no-such-vm");
    }

    @Test
    void memoryWithoutLinuxIsSaidToBeThat(@TempDir Path folder) throws IOException {
        Path raw = Files.write(folder.resolve("empty.raw"), new byte[16 << 20]);
        assertOneLine(run("profile", "--vm", raw.toString()), ExitCode.DATA, "no Linux kernel");
    }

    @Test
    void pausingADumpIsNoErrorSinceItStandsStill(@TempDir Path folder) throws IOException {
        Path raw = Files.write(folder.resolve("empty.raw"), new byte[16 << 20]);
        assertOneLine(run("cat", "--vm", raw.toString(), "--capture", "paused", "uptime"), ExitCode.DATA, "no Linux kernel");
    }

    @Test
    void truncatedAndTinyDumpsGiveOneLine(@TempDir Path folder) throws IOException {
        for (byte[] content : List.of(new byte[0], new byte[] {0x7f, 'E', 'L', 'F'}, "KDUMP   ".getBytes(StandardCharsets.US_ASCII),
                "makedumpfile\0".getBytes(StandardCharsets.US_ASCII), "EMiL".getBytes(StandardCharsets.US_ASCII))) {
            Path dump = Files.write(folder.resolve("dump"), content);
            Outcome outcome = run("profile", "--vm", dump.toString());
            assertThat(outcome.status()).as(outcome.err()).isIn(ExitCode.DATA, ExitCode.UNAVAILABLE);
            assertThat(outcome.err().lines()).as(outcome.err()).hasSize(1);
        }
    }
}
