package io.scwatcher.fidelity.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.Testbed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 10,000 rounds in all over dumps of real guests, and some of the discovery. The heap that Maven gives the tests is the
 * bound on memory. A failure prints the seed; {@code -Dscwatcher.fuzz.seed} repeats it. Costs about 30 s for each guest.
 */
@Tag("vm")
class FuzzTest {
    private static final int ROUNDS = 2500;
    private static final int DISCOVERIES = 20;
    private static final int MOST_FAILURES = 10;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.1", "6.12", "7.x"})
    @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whateverTheMemoryHoldsFilesReadOrFail(String kernel) {
        long seed = Long.getLong("scwatcher.fuzz.seed", System.nanoTime() & 0xffff_ffffL);
        Path dump = directory.resolve("dump.elf");
        GuestOptions options = GuestOptions.defaults("fuzz-test-" + ProcessHandle.current().pid()).withKernel(kernel)
                .withMemoryMiB(512);
        try (Guest guest = new Testbed(System.out::println).up(options)) {
            guest.dump(dump);
        }
        System.out.println("Linux " + kernel + ": -Dscwatcher.fuzz.seed=" + seed);
        AtomicReference<String> running = new AtomicReference<>("looking at the unchanged dump");
        try (GuestMemory memory = GuestMemories.open(dump.toString())) {
            Fuzzer fuzzer = new Fuzzer(memory, KernelProfile.discover(memory, DiscoveryListener.NONE), seed);
            assertThat(fuzzer.subjects()).isGreaterThan(1000);
            List<Fuzzer.Failure> failures = new ArrayList<>(fuzzer.run(0, ROUNDS, MOST_FAILURES, running::set));
            failures.addAll(fuzzer.discover(0, DISCOVERIES, MOST_FAILURES, running::set));
            assertThat(failures).isEmpty();
            assertThat(fuzzer.changedReadings()).as("readings that the changes reached").isGreaterThan(fuzzer.readings() / 10);
            fuzzer.caught().forEach((what, count) -> System.out.printf("%5d caught %s%n", count, what));
        } finally {
            System.out.println("last: " + running);
        }
    }
}
