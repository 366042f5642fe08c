package io.scwatcher.fidelity.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.enclave.ToolLayers;
import io.scwatcher.fidelity.layer.ToolBundle;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.os.Layer;
import io.scwatcher.os.Limits;
import io.scwatcher.os.Run;
import io.scwatcher.os.StandardStreams;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.Testbed;
import io.scwatcher.vprocfs.ProcFs;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unmodified tools in the layer, while words of what they read in the VM are changed at random: each ends within its limits, whatever it prints, and neither the layer
 * nor the VM's view fails. A failure prints the seed; {@code -Dscwatcher.fuzz.seed} repeats it. Boots one guest, and takes about three minutes.
 */
@Tag("vm")
class HostileVmTest {
    private static final int ROUNDS = 60;
    private static final int MOST_FRAMES = 6;
    private static final List<String> TOOLS = List.of("ps auxww", "ps -eLf", "netstat -anp", "ss -anp", "lsof -nP", "ip addr", "ip route", "free", "lsmod", "pstree -p", "uptime");
    private static final List<String> ENVIRONMENT = List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/");
    /** Far more than any of them takes; a tool that a loop in memory keeps busy is ended by it. */
    private static final Limits LIMITS = Limits.DEFAULT.withCpuNanos(120_000_000_000L).withOutput(256 << 20);

    private final Engine engine = Engines.mixed();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    @TempDir
    private Path directory;

    @Test
    void toolsEndWhateverTheVmHolds() throws Exception {
        long seed = Long.getLong("scwatcher.fuzz.seed", System.nanoTime() & 0xffff_ffffL);
        System.out.println("-Dscwatcher.fuzz.seed=" + seed);
        Path dump = directory.resolve("dump.elf");
        try (Guest guest = new Testbed(System.out::println).up(GuestOptions.defaults("hostile-" + ProcessHandle.current().pid()).withMemoryMiB(512))) {
            guest.dump(dump);
        }
        try (Bundle bundle = Bundle.open(ToolBundle.ofPackages(List.of("procps", "net-tools", "iproute2", "lsof", "psmisc", "kmod"), System.out::println));
                GuestMemory memory = GuestMemories.open(dump.toString())) {
            KernelProfile profile = KernelProfile.discover(memory, DiscoveryListener.NONE);
            RecordingMemory recording = new RecordingMemory(memory);
            for (String tool : TOOLS) {
                assertThat(run(bundle, profile.epoch(recording), tool)).as(tool).startsWith("0 ");
            }
            long[] frames = recording.frames();
            for (int round = 0; round < ROUNDS; round++) {
                SplittableRandom random = new SplittableRandom(seed * 1_000_003 + round);
                String tool = TOOLS.get(random.nextInt(TOOLS.size()));
                Map<Long, Long> changes = Fuzzer.changes(memory, frames, 1 + random.nextInt(MOST_FRAMES), random);
                try (GuestMemory flipped = new FlippedMemory(memory, changes)) {
                    String end = run(bundle, profile.epoch(flipped), tool);
                    assertThat(end).as("seed %d round %d: %s", seed, round, tool).doesNotContain("java.").doesNotContain("scwatcher");
                    assertThat(failures).as("seed %d round %d: %s", seed, round, tool).isEmpty();
                } catch (MemoryFault unreadable) {
                    // Not even the kernel's page tables stand: who opens a VM is told so.
                }
            }
        }
    }

    /** The status, what the layer says of the run, and what the tool wrote to its standard error. */
    private String run(Bundle bundle, Kernel kernel, String tool) throws InterruptedException {
        Layer.Builder builder = ToolLayers.watching(bundle, () -> kernel, new ProcFs(() -> kernel).root()).engine(engine).limits(LIMITS)
                .failures((_, failure) -> failures.add(failure));
        try (Layer layer = builder.build()) {
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            Run run = layer.start(List.of(tool.split(" ")), ENVIRONMENT, "/", StandardStreams.of(InputStream.nullInputStream(), new ByteArrayOutputStream(), errors));
            int status = run.waitForExit();
            return status + " " + run.verdict() + " " + errors.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
