package io.scwatcher.host.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.provider.QuoteSource;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.channel.page.RemoteMemory;
import io.scwatcher.channel.page.RemoteOptions;
import io.scwatcher.channel.session.AgentConnection;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.host.StateDirectory;
import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent process beside a QEMU without a guest system, and what a host can do to each of them: whoever is killed, the VM goes on, and the enclave's side fails with one
 * line. Some seconds each: a QEMU, a JVM and its watchdog are started.
 */
@Tag("vm")
@Timeout(300)
class LocalAgentTest {
    private static final Bytes MEASUREMENT = Bytes.sha256(new byte[] {1});
    private static final Bytes CONFIGURATION = Bytes.sha256(new byte[] {2});
    private static final long MARKED = 0x200000;
    private static final long VALUE = 0x5ca1ab1e5ca1ab1eL;
    private static final String UUID = "4c4c4544-0042-3010-8036-b4c04f4e3132";

    @TempDir
    private Path folder;
    private Process qemu;
    /** Held from the start: agents use the other socket. */
    private SocketChannel monitor;

    @BeforeEach
    void startVm() throws Exception {
        Path own = folder.resolve("own");
        qemu = new ProcessBuilder("qemu-system-x86_64", "-display", "none", "-accel", "tcg", "-nic", "none", "-m", "64M", "-uuid", UUID, "-name", "tiny",
                "-qmp", "unix:" + folder.resolve("qmp") + ",server=on,wait=off", "-qmp", "unix:" + own + ",server=on,wait=off",
                "-device", "loader,addr=%#x,data=%#x,data-len=8,data-be=off".formatted(MARKED, VALUE))
                .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        while (!Files.exists(own)) {
            assertThat(qemu.waitFor(20, TimeUnit.MILLISECONDS)).as("QEMU ended: %s", folder.resolve("log")).isFalse();
        }
        monitor = SocketChannel.open(UnixDomainSocketAddress.of(own));
        command("qmp_capabilities");
    }

    @AfterEach
    void endVm() throws Exception {
        monitor.close();
        qemu.destroyForcibly().waitFor();
    }

    /** The answer to a QMP command: the first line that is neither greeting nor event. */
    private String command(String name) throws IOException {
        monitor.write(ByteBuffer.wrap(("{\"execute\":\"" + name + "\"}\n").getBytes(StandardCharsets.US_ASCII)));
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (true) {
            line.setLength(0);
            while (monitor.read(one.clear()) > 0 && one.get(0) != '\n') {
                line.append((char) one.get(0));
            }
            if (line.indexOf("\"return\"") >= 0 || line.indexOf("\"error\"") >= 0) {
                return line.toString().strip();
            }
        }
    }

    private boolean isRunning() throws IOException {
        return command("query-status").matches(".*\"running\": ?true.*");
    }

    private void awaitRunning() throws Exception {
        while (!isRunning()) {
            Thread.sleep(50);
        }
    }

    private LocalAgent start(boolean allowPause) {
        return LocalAgent.start(new LocalAgent.Request(Long.toString(qemu.pid()), MEASUREMENT, CONFIGURATION, allowPause), line -> { });
    }

    private static RemoteMemory connect(LocalAgent agent, Bytes measurement, Bytes configuration) throws IOException, AttestationException {
        SimulatedPlatform platform = StateDirectory.simulatedPlatform();
        Prover prover = new Prover(new QuoteSource.Simulation(platform, new SimulatedEnclave(measurement, Bytes.zeros(32), 0, 0)).open(),
                () -> platform.collateral().build(), Map.of(Claims.CONFIGURATION, configuration));
        return AgentConnection.open(agent.address().connect(), agent.address().vm(), TlsIdentity.ephemeral(Clock.systemUTC()), Set.of(agent.key()), prover, RemoteOptions.USUAL);
    }

    private static RemoteMemory connect(LocalAgent agent) throws IOException, AttestationException {
        return connect(agent, MEASUREMENT, CONFIGURATION);
    }

    private static long marked(RemoteMemory memory) {
        byte[] bytes = new byte[8];
        assertThat(memory.epoch().read(MARKED, bytes, 0, 8)).isTrue();
        return ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
    }

    @Test
    void servesItsVmToThisEnclaveOnly() throws Exception {
        try (LocalAgent agent = start(true); RemoteMemory memory = connect(agent)) {
            assertThat(agent.key()).isEqualTo(StateDirectory.agentKey().keyDigest());
            assertThat(memory.identity().uuid()).hasToString(UUID);
            assertThat(marked(memory)).isEqualTo(VALUE);
            assertThatThrownBy(() -> connect(agent, CONFIGURATION, CONFIGURATION)).hasMessageContaining("MRENCLAVE_REFUSED");
            assertThatThrownBy(() -> connect(agent, MEASUREMENT, MEASUREMENT)).hasMessageContaining("CONFIGURATION_REFUSED");
            assertThat(isRunning()).isTrue();
            var pause = memory.control().orElseThrow().pause();
            assertThat(isRunning()).isFalse();
            assertThat(marked(memory)).isEqualTo(VALUE);
            pause.close();
            assertThat(isRunning()).isTrue();
        }
        assertThat(LocalAgent.directory()).isDirectoryNotContaining("glob:**/" + ProcessHandle.current().pid() + "-*");
    }

    @Test
    void doesNotPauseWhereThatIsNotAllowed() throws Exception {
        try (LocalAgent agent = start(false); RemoteMemory memory = connect(agent)) {
            assertThat(memory.control()).isEmpty();
            assertThat(marked(memory)).isEqualTo(VALUE);
        }
    }

    @Test
    void whoeverEndsTheVmGoesOn() throws Exception {
        for (String who : new String[] {"agent killed", "agent ended", "enclave gone"}) {
            try (LocalAgent agent = start(true); RemoteMemory memory = connect(agent)) {
                memory.control().orElseThrow().pause();
                assertThat(isRunning()).as(who).isFalse();
                ProcessHandle process = ProcessHandle.of(agent.pid()).orElseThrow();
                switch (who) {
                    case "agent killed" -> process.destroyForcibly();
                    case "agent ended" -> process.destroy();
                    default -> memory.close();
                }
                awaitRunning();
                assertThatThrownBy(() -> marked(memory)).as(who).isInstanceOf(GuestMemoryException.class).hasMessageContaining("the connection to the agent is broken");
            }
        }
    }

    @Test
    void aVmThatIsKilledIsTold() throws Exception {
        try (LocalAgent agent = start(true); RemoteMemory memory = connect(agent)) {
            assertThat(marked(memory)).isEqualTo(VALUE);
            qemu.destroyForcibly().waitFor();
            assertThatThrownBy(() -> marked(memory)).isInstanceOf(GuestMemoryException.class).hasStackTraceContaining("exited while its memory was read");
            memory.close();
            ProcessHandle.of(agent.pid()).ifPresent(process -> process.onExit().join());
            assertThat(agent.isAlive()).isFalse();
        }
        assertThatThrownBy(() -> start(true)).isInstanceOf(AgentException.class).hasMessageContaining(Long.toString(qemu.pid()));
    }

    /** A parent that is killed closes the pipe; if somebody else holds that open, too, its process is looked at. */
    @Test
    void endsWithItsParent() throws Exception {
        for (boolean byPipe : new boolean[] {true, false}) {
            Process parent = new ProcessBuilder("sleep", "600").start();
            Path socket = folder.resolve("agent" + byPipe);
            Process child = new ProcessBuilder(LocalAgent.command(Long.toString(qemu.pid()), socket, parent.pid())).start();
            Writer input = child.outputWriter();
            input.write(AgentPolicy.simulated(StateDirectory.simulatedPlatform().anchor().keyDigest(), MEASUREMENT, null, Set.of()).replace('\n', ' ') + "\n");
            input.flush();
            assertThat(child.inputReader().readLine()).startsWith("ready ");
            if (byPipe) {
                input.close();
            } else {
                parent.destroyForcibly();
            }
            assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(socket).doesNotExist();
            parent.destroyForcibly();
        }
    }
}
