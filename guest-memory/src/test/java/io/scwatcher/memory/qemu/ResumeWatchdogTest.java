package io.scwatcher.memory.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.VmControl;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each case starts a QEMU process and a JVM that pauses it: about two seconds. */
@Tag("vm")
@Timeout(60)
class ResumeWatchdogTest {
    @TempDir Path directory;

    /** A watcher that pauses the VM and never resumes it. */
    static final class Watcher {
        public static void main(String[] args) throws Exception {
            GuestMemory memory = GuestMemories.open(args[0]);
            VmControl.Pause pause = memory.control().orElseThrow().pause();
            System.out.println("paused");
            Thread.sleep(Long.MAX_VALUE);
            pause.close();
        }
    }

    private static Process watch(TinyVm vm) throws Exception {
        String classPath = Stream.concat(
                        Stream.of(GuestMemories.class, JsonFactory.class)
                                .map(c -> c.getProtectionDomain().getCodeSource().getLocation().getPath()),
                        Stream.of("target/test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        // Who starts the tests in the background has SIGINT ignored, which children inherit.
        Process watcher = new ProcessBuilder("env", "--default-signal", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ErrorFile=/dev/null", "-XX:-CreateCoredumpOnCrash",
                "--enable-native-access=ALL-UNNAMED", "-cp", classPath, Watcher.class.getName(), vm.socket.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(watcher.inputReader().readLine()).isEqualTo("paused");
        return watcher;
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM", "INT", "SEGV"})
    void resumesWhenTheWatcherIsKilled(String signal) throws Exception {
        try (TinyVm vm = TinyVm.start(directory, List.of(), "-m", "64M")) {
            Process watcher = watch(vm);
            try {
                assertThat(watcher.children().count()).isEqualTo(1);
                ProcessHandle watchdog = watcher.children().findFirst().orElseThrow();
                new ProcessBuilder("kill", "-" + signal, Long.toString(watcher.pid())).inheritIO().start().waitFor();
                watcher.waitFor();
                watchdog.onExit().join();
                assertThat(vm.isRunning()).isTrue();
            } finally {
                watcher.destroyForcibly();
            }
        }
    }

    @Test
    void leavesAVmPausedThatWasPausedBySomebodyElse() throws Exception {
        try (TinyVm vm = TinyVm.start(directory, List.of(), "-S", "-m", "64M")) {
            Process watcher = watch(vm);
            watcher.destroyForcibly().waitFor();
            assertThat(vm.isRunning()).isFalse();
        }
    }

    @Test
    void waitsForItsTurnWhenTheSocketIsTaken() throws Exception {
        try (TinyVm vm = TinyVm.start(directory, List.of(), "-m", "64M",
                "-qmp", "unix:" + directory.resolve("second") + ",server=on,wait=off")) {
            Process watcher = watch(vm);
            ProcessHandle watchdog = watcher.children().findFirst().orElseThrow();
            new ProcessBuilder("kill", "-STOP", Long.toString(watchdog.pid())).start().waitFor();
            watcher.destroyForcibly().waitFor();
            try (QmpClient other = QmpClient.connect(vm.socket)) {
                new ProcessBuilder("kill", "-CONT", Long.toString(watchdog.pid())).start().waitFor();
                assertThat(other.isRunning()).isFalse();
            }
            watchdog.onExit().join();
            assertThat(vm.isRunning()).isTrue();
        }
    }
}
