package io.scwatcher.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.GuestOptions.Machine;
import io.scwatcher.testbed.GuestOptions.MemoryBacking;
import io.scwatcher.testbed.Testbed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * All of /proc of real guests. Costs, on two cores without KVM, about 45 s and 1.1 GiB for each guest; 3.6 GiB for those
 * with the hole below 4 GiB.
 */
@Tag("vm")
class FidelityTest {
    @ParameterizedTest
    @CsvSource({
        // kernel, flavour, machine, paging levels, CPUs, MiB, backing
        "5.10, cloud-amd64, Q35, 4, 2, 1024, ANONYMOUS",
        "5.10, cloud-amd64, PC,  5, 2, 1024, FILE",
        "6.1,  cloud-amd64, Q35, 5, 2, 3584, FILE",
        "6.1,  cloud-amd64, PC,  4, 4, 1024, ANONYMOUS",
        "6.12, cloud-amd64, Q35, 4, 2, 1024, MEMFD",
        "6.12, cloud-amd64, PC,  5, 1, 3584, ANONYMOUS",
        "6.12, rt-amd64,    Q35, 4, 1, 256,  ANONYMOUS",
        "7.x,  cloud-amd64, Q35, 4, 2, 1024, ANONYMOUS",
        "7.x,  amd64,       PC,  5, 8, 1024, MEMFD",
    })
    void whatIsPromisedIsExact(String kernel, String flavour, Machine machine, int levels, int cpus, int memory,
            MemoryBacking backing) throws IOException {
        GuestOptions options = GuestOptions.defaults("fidelity-test-" + ProcessHandle.current().pid()).withKernel(kernel)
                .withKernelFlavour(flavour).withMachine(machine).withPagingLevels(levels).withCpus(cpus).withMemoryMiB(memory)
                .withMemory(backing);
        try (Guest guest = new Testbed(System.out::println).up(options)) {
            LiveFidelity.Outcome outcome = LiveFidelity.run(guest, List.of(), System.out::println);
            ScoreboardText text = new ScoreboardText(outcome.scoreboard());
            System.out.printf("%n%s, %s, %d levels of page tables, %d CPUs, %d MiB %s%n%s%n%s%n", outcome.release(), machine,
                    levels, cpus, memory, backing, text.causes(30), text.table());
            assertThat(outcome.scoreboard().total().inGuest()).isGreaterThan(10_000);
            assertThat(outcome.scoreboard().requiredFailures()).as(text.causes(1000)).isEmpty();
            assertThat(surprises(kernel, outcome.scoreboard())).as("not recorded in known-differences.txt").isEmpty();
        }
    }

    /** Kinds of files that are wrong in any way but the one that the list names: known and not served. */
    private static Set<String> surprises(String kernel, Scoreboard scoreboard) throws IOException {
        Set<String> wrong = scoreboard.results().stream().filter(result -> !result.verdict().isGood())
                .map(result -> (result.verdict() == Verdict.NOT_SERVED ? "" : result.verdict() + " ") + kernel + " "
                        + result.pattern().replaceFirst("^bus/pci/N/.*", "bus/pci/N/*"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = known();
        known.stream().filter(entry -> entry.startsWith(kernel + " ") && !wrong.contains(entry))
                .forEach(entry -> System.out.println("right here, though in known-differences.txt: " + entry));
        wrong.removeAll(known);
        return wrong;
    }

    private static Set<String> known() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                FidelityTest.class.getResourceAsStream("known-differences.txt")))) {
            return lines.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toSet());
        }
    }
}
