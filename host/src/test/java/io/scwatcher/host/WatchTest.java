package io.scwatcher.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.scwatcher.host.fuse.FuseMount;
import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.Testbed;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One guest, watched live and paused, through a reset, and to its end. Boots it twice: half a minute under TCG. */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WatchTest {
    private static final String NAME = "watch-test-" + ProcessHandle.current().pid();
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    @TempDir
    private Path directory;
    private Guest guest;

    @BeforeAll
    void boot() {
        assumeThat(Path.of("/dev/fuse")).as("/dev/fuse").exists();
        assumeThat(System.getProperty("user.name")).as("user").isEqualTo("root");
        guest = new Testbed(line -> {}).up(GuestOptions.defaults(NAME).withMemoryMiB(512));
    }

    @AfterAll
    void switchOff() {
        if (guest != null) {
            guest.close();
        }
    }

    @Test
    @Order(1)
    void toolsOfTheHostShowTheGuest() throws Exception {
        try (Watch watch = Watch.open(NAME, Capture.LIVE, notes::add)) {
            assertThat(watch.hostName()).isEqualTo(guest.exec("uname", "-n").output().strip());
            List<String> seen = output(watch, "ps -e -o pid=,comm=").lines().map(String::strip).toList();
            assertThat(seen).contains("1 init", "2 kthreadd");
            assertThat(output(watch, "uname -n; cat /proc/sys/kernel/hostname"))
                    .isEqualTo(watch.hostName() + "\n" + watch.hostName() + "\n");
            assertThat(output(watch, "cat /proc/version")).isEqualTo(guest.exec("cat", "/proc/version").output());
            for (String tool : List.of("ps auxww", "ps -eLf", "top -bn1", "pstree -p", "free", "uptime", "vmstat",
                    "netstat -anp", "lsof -nP", "pmap 1", "ss -anp", "pgrep -a init", "w")) {
                assumeThat(onPath(tool.split(" ")[0])).as(tool).isTrue();
                assertThat(output(watch, tool + " > out.txt; echo $?; wc -l < out.txt")).as(tool)
                        .matches("(?s)(.*\n)?0\n[1-9][0-9]*\n");
            }
        }
        assertThat(notes).isEmpty();
    }

    @Test
    @Order(2)
    void aPausedGuestStandsStillUntilTheEnd() throws Exception {
        try (Watch watch = Watch.open(NAME, Capture.PAUSED, notes::add)) {
            String[] uptimes = output(watch, "cat /proc/uptime; sleep 1; cat /proc/uptime").split("\n");
            assertThat(uptimes[0]).isEqualTo(uptimes[1]);
            assertThat(watch.memory().isLive()).isFalse();
        }
        try (Watch watch = Watch.open(NAME, Capture.LIVE, notes::add)) {
            assertThat(watch.memory().isLive()).isTrue();
            String before = output(watch, "cat /proc/uptime");
            while (output(watch, "sleep 0.2; cat /proc/uptime").equals(before)) {
                assertThat(guest.isRunning()).isTrue();
            }
        }
        assertThat(notes).isEmpty();
    }

    @Test
    @Order(3)
    void aMountSurvivesTheGuestsResetAndNotItsEnd() throws Exception {
        Path mounted = Files.createTempDirectory("watched");
        try (Watch watch = Watch.open(NAME, Capture.LIVE, notes::add); FuseMount mount = watch.mount(mounted, false)) {
            double before = uptime(mounted);
            assertThat(before).isPositive();
            reset(guest.qmpSocket());
            while (!(uptime(mounted) < before)) {
                Thread.sleep(500);
                assertThat(guest.isRunning()).isTrue();
            }
            assertThat(notes).anyMatch(line -> line.startsWith("the VM has booted again; it runs Linux "));
            notes.clear();
            guest.close();
            assertThat(uptime(mounted)).isNaN();
            assertThat(notes).hasSize(1);
        }
        Files.delete(mounted);
    }

    /** NaN while it cannot be read. */
    private static double uptime(Path mounted) {
        try {
            return Double.parseDouble(Files.readString(mounted.resolve("uptime")).split(" ")[0]);
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static void reset(Path socket) throws IOException {
        try (SocketChannel qmp = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            qmp.connect(UnixDomainSocketAddress.of(socket));
            for (String command : List.of("qmp_capabilities", "system_reset")) {
                qmp.read(ByteBuffer.allocate(4096));
                qmp.write(StandardCharsets.US_ASCII.encode("{\"execute\":\"" + command + "\"}\n"));
            }
            qmp.read(ByteBuffer.allocate(4096));
        }
    }

    private static boolean onPath(String program) {
        return List.of(System.getenv("PATH").split(":")).stream().anyMatch(d -> Files.isExecutable(Path.of(d, program)));
    }

    /** What a shell script prints with the guest's /proc. */
    private String output(Watch watch, String script) throws Exception {
        Path file = directory.resolve("output");
        new NativeRuntime(watch, notes::add).run(List.of("sh", "-c",
                "cd " + directory + "; exec > " + file + " 2>/dev/null < /dev/null; " + script));
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
