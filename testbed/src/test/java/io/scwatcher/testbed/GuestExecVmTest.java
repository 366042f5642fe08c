package io.scwatcher.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.security.MessageDigest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Costs one boot of the smallest guest (256 MiB, one CPU, no population). */
@Tag("vm")
class GuestExecVmTest {
    private static Guest guest;

    @BeforeAll
    static void boot() {
        guest = new Testbed(System.err::println).up(GuestOptions.defaults("test-exec-" + ProcessHandle.current().pid())
                .withMemoryMiB(256).withCpus(1).withoutPopulation());
    }

    @AfterAll
    static void stop() {
        if (guest != null) {
            guest.close();
        }
    }

    @Test
    void returnsStatusAndBothStreams() {
        ExecResult result = guest.exec("sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(result.status()).isEqualTo(7);
        assertThat(result.output()).isEqualTo("out\n");
        assertThat(result.error()).isEqualTo("err\n");
    }

    @Test
    void tellsSignalsAndMissingCommands() {
        assertThat(guest.exec("sh", "-c", "kill -9 $$").status()).isEqualTo(128 + 9);
        ExecResult missing = guest.exec("/no/such/program");
        assertThat(missing.status()).isEqualTo(127);
        assertThat(missing.error()).contains("/no/such/program");
    }

    @Test
    void carriesAllBytesBothWays() {
        byte[] bytes = new byte[1 << 20];
        long seed = System.nanoTime();
        new Random(seed).nextBytes(bytes);
        ExecResult result = guest.exec(List.of("cat"), bytes);
        assertThat(result.stdout()).as("seed %d", seed).isEqualTo(bytes);
    }

    @Test
    void passesArgumentsUnchanged() {
        assertThat(guest.exec("printf", "%s|", "", "a b", "'\"$x", "gr\u00fc\u00dfe").output().getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo("|a b|'\"$x|gr\u00fc\u00dfe|".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void endsAlthoughADaemonKeepsTheOutputOpen() {
        ExecResult result = guest.exec("sh", "-c", "sleep 1000000 & echo started");
        assertThat(result.output()).isEqualTo("started\n");
    }

    @Test
    void goesOnAfterAClientThatLeftInTheMiddle() {
        for (int i = 0; i < 8; i++) {
            assertThatThrownBy(() -> guest.exec(List.of("cat", "/dev/zero"), InputStream.nullInputStream(), new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("enough");
                }
            }, OutputStream.nullOutputStream())).isInstanceOf(TestbedException.class);
        }
        for (int i = 0; i < 8; i++) {
            assertThat(guest.exec("echo", "still here").output()).isEqualTo("still here\n");
        }
        assertThat(guest.exec("sh", "-c", "ps ax | grep -c '[c]at /dev/zero'").output().strip()).isEqualTo("0");
    }

    @Test
    void executesSeveralCommandsAtOnce() throws Exception {
        List<Future<String>> outputs = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(12)) {
            for (int i = 0; i < 12; i++) {
                String word = "number " + i;
                outputs.add(threads.submit(() -> guest.exec("sh", "-c", "sleep 0.2; echo \"$0\"", word).output()));
            }
        }
        for (int i = 0; i < 12; i++) {
            assertThat(outputs.get(i).get()).isEqualTo("number " + i + "\n");
        }
    }

    @Test
    void copiesLargeFiles(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("in");
        byte[] block = new byte[32 << 20];
        new Random(1).nextBytes(block);
        Files.write(file, block);
        guest.copyIn(file, "/var/tmp/copied");
        assertThat(guest.exec("sha256sum", "/var/tmp/copied").output())
                .startsWith(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(block)));
        guest.copyOut("/var/tmp/copied", directory.resolve("out"));
        assertThat(Files.mismatch(file, directory.resolve("out"))).isEqualTo(-1);
        guest.exec("rm", "/var/tmp/copied");
    }

    @Test
    void isFoundByNameAndHasAWorkingMonitor(@TempDir Path directory) throws IOException {
        assertThat(Guest.byName(guest.name()).pid()).isEqualTo(guest.pid());
        assertThat(Guest.list()).extracting(Guest::name).contains(guest.name());
        assertThat(guest.qmpSocket()).exists();
        guest.pause();
        guest.resume();
        guest.dump(directory.resolve("dump"));
        try (InputStream in = Files.newInputStream(directory.resolve("dump"))) {
            assertThat(in.readNBytes(4)).isEqualTo(new byte[] {0x7f, 'E', 'L', 'F'});
        }
    }

    @Test
    void refusesANameThatIsTaken() {
        assertThatThrownBy(() -> new Testbed(line -> { }).up(GuestOptions.defaults(guest.name()))).hasMessageContaining("is running");
        assertThatThrownBy(() -> Guest.byName("nobody-" + guest.name())).hasMessageContaining("no guest named");
    }

    @Test
    void feedsStandardInputThatTheCommandDoesNotRead() {
        ExecResult result = guest.exec(List.of("true"), new byte[4 << 20]);
        assertThat(result.status()).isZero();
        assertThat(guest.exec(List.of("wc", "-c"), new ByteArrayInputStream(new byte[300_000]).readAllBytes()).output().strip())
                .isEqualTo("300000");
    }
}
