package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.tty.HostTerminal;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Programs that take what they can get: the run ends or sees the error that Linux gives, and the layer runs the next program. */
class LimitsTest {
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private Layer layer;

    @BeforeEach
    void open() {
        layer = TestPrograms.layer(failures).build();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(TestPrograms.inLayer(layer, List.of("/bin/echo", "fine"), "").output()).isEqualTo("fine\n");
        layer.close();
        assertThat(failures).isEmpty();
    }

    private Run start(Limits limits, String mode) throws Exception {
        Path greedy = NativeAndLayer.program("greedy");
        StandardStreams streams = StandardStreams.of(InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        return layer.start(List.of(greedy.toString(), mode), List.of(), "/", streams, Credentials.root(), limits);
    }

    @Test
    void endlessLoopIsKilledFromOutside() throws Exception {
        Run run = start(Limits.DEFAULT, "loop");
        run.kill();
        assertThat(run.waitForExit()).isEqualTo(137);
    }

    @Test
    void sleepersAreKilledFromOutside() throws Exception {
        Run run = start(Limits.DEFAULT, "sleepers");
        run.kill();
        assertThat(run.waitForExit()).isEqualTo(137);
        assertThat(layer.processes().groupsOf(run)).isEmpty();
    }

    @Test
    void processorTimeIsLimited() throws Exception {
        Run run = start(Limits.DEFAULT.withCpuNanos(100_000_000), "loop");
        assertThat(run.waitForExit()).isEqualTo(137);
        assertThat(run.verdict()).contains("processor time");
    }

    @Test
    void forkBombGetsNoMoreProcesses() throws Exception {
        Run run = start(Limits.DEFAULT.withProcesses(50), "forks");
        assertThat(run.waitForExit()).as("errno of the fork that failed: EAGAIN").isEqualTo(11);
        assertThat(layer.processes().groupsOf(run)).isEmpty();
    }

    @Test
    void hugeAllocationFails() throws Exception {
        Run run = start(Limits.DEFAULT.withMemory(64 << 20), "huge");
        assertThat(run.waitForExit()).as("errno: ENOMEM").isEqualTo(12);
    }

    @Test
    void memoryBombIsKilledAndItsMemoryComesBack() throws Exception {
        Run run = start(Limits.DEFAULT.withMemory(64 << 20), "memory");
        assertThat(run.waitForExit()).isEqualTo(137);
        assertThat(run.verdict()).contains("64 MiB of memory");
        assertThat(run.frames()).isZero();
    }

    @Test
    void readingOfEndlessMemoryIsEnded() throws Exception {
        Run run = start(Limits.DEFAULT.withMemory(4 << 20), "read");
        assertThat(run.waitForExit()).isEqualTo(137);
        assertThat(run.verdict()).contains("4 MiB of memory");
    }

    @Test
    void endlessOutputIsCut() throws Exception {
        Run run = start(Limits.DEFAULT.withOutput(100_000), "output");
        assertThat(run.waitForExit()).isEqualTo(137);
        assertThat(run.verdict()).contains("bytes of output");
    }

    @Test
    void endlessOutputToATerminalIsCut() throws Exception {
        try (HostTerminal terminal = layer.terminals().open(24, 80)) {
            Run run = layer.start(List.of(NativeAndLayer.program("greedy").toString(), "output"), List.of(), "/", terminal.streams(), Credentials.root(),
                    Limits.DEFAULT.withOutput(100_000));
            byte[] screen = new byte[4096];
            while (terminal.read(screen, 0, screen.length) > 0) {
                // shown to somebody
            }
            assertThat(run.waitForExit()).isEqualTo(137);
            assertThat(run.verdict()).contains("bytes of output");
        }
    }

    @Test
    void stackExhaustionIsASegmentationFault() throws Exception {
        assertThat(start(Limits.DEFAULT, "stack").waitForExit()).isEqualTo(139);
    }
}
