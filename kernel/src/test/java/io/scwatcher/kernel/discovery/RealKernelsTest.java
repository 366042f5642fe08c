package io.scwatcher.kernel.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.GuestOptions.Machine;
import io.scwatcher.testbed.Testbed;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Boots each kernel (10 to 20 s each under TCG) and compares what was found with what the guest itself says. */
@Tag("vm")
class RealKernelsTest {
    @ParameterizedTest
    @CsvSource({"5.10, PC, 4, 3584", "6.1, Q35, 5, 1024", "6.12, Q35, 4, 3072", "7.x, PC, 5, 512"})
    void findsWhatTheGuestSaysOfItself(String version, Machine machine, int levels, int memoryMiB) {
        GuestOptions options = GuestOptions.defaults("core-" + version).withKernel(version).withMachine(machine)
                .withPagingLevels(levels).withMemoryMiB(memoryMiB).withCpus(2).withoutPopulation();
        try (Guest guest = new Testbed(System.out::println).up(options);
                GuestMemory memory = GuestMemories.open(guest.qmpSocket().toString())) {
            KernelProfile profile = KernelProfile.discover(memory, DiscoveryListener.NONE);
            assertThat(profile.release()).isEqualTo(guest.release());
            assertThat(profile.banner()).isEqualTo(output(guest, "cat", "/proc/version").strip());
            assertThat(profile.pagingLevels()).isEqualTo(levels);
            assertThat(profile.cpus()).isEqualTo(2);
            assertThat(profile.physicalBase()).isEqualTo(kernelCode(guest));
            Kernel kernel = profile.epoch(memory);
            assertThat(kernel.onlineCpus()).containsExactly(0, 1);
            assertThat(symbols(kernel)).isEqualTo(ownSymbols(guest));
            assertThat(profile.stillValid(memory)).isTrue();
            assertThat(kernel.anomalies().list()).isEmpty();
        }
    }

    private static List<String> symbols(Kernel kernel) {
        return kernel.symbols().all().map(RealKernelsTest::line).toList();
    }

    private static String line(Symbol symbol) {
        return "%016x %c %s".formatted(symbol.address(), symbol.type(), symbol.name());
    }

    /** Without those of modules, BPF programs and the like, which follow a tab. */
    private static List<String> ownSymbols(Guest guest) {
        return output(guest, "cat", "/proc/kallsyms").lines().filter(line -> line.indexOf('\t') < 0).toList();
    }

    private static long kernelCode(Guest guest) {
        String line = output(guest, "grep", "Kernel code", "/proc/iomem").strip();
        return Long.parseLong(line.substring(0, line.indexOf('-')), 16);
    }

    private static String output(Guest guest, String... command) {
        return guest.exec(command).orFail().output();
    }
}
