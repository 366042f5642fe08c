package io.scwatcher.cli;

import io.scwatcher.benchmarks.ListingBenchmark;
import io.scwatcher.benchmarks.ScaleBenchmark;
import io.scwatcher.host.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code scwatcher bench}: the measurements behind the figures in docs/. */
@Command(name = "bench", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Repeats the measurements whose figures the documentation quotes, on this machine.",
        subcommands = {BenchCommand.Listing.class, BenchCommand.Refresh.class, BenchCommand.Scale.class})
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return ExitCode.USAGE;
    }

    @Command(name = "listing", mixinStandardHelpOptions = true, showDefaultValues = true,
            description = {"From a dump to a listing of all tasks with all fields, in a fresh process: ours beside drgn.",
                "Needs root, and downloads drgn and the kernel's debug package (about 300 MB) the first time.", ""})
    static final class Listing implements Callable<Integer> {
        @Option(names = "--tasks", defaultValue = "205", paramLabel = "N", description = "Processes in the guest.")
        private int tasks;

        @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "Runs of each, in turn.")
        private int rounds;

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            ListingBenchmark.Result result = new ListingBenchmark(Path.of(System.getProperty("scwatcher.home")), VmOptions::note)
                    .run(tasks, rounds);
            if (json) {
                Json.print(result);
            } else {
                System.out.printf("Linux %s, %d processes; seconds of whole processes, median (min to max) of %d%n",
                        result.release(), result.tasks(), rounds);
                System.out.printf("scwatcher  %s, printing %d bytes%n", result.ours(), result.oursBytes());
                System.out.printf("drgn       %s, printing %d bytes, with the debug package%n", result.drgn(), result.drgnBytes());
                System.out.printf("ratio      %s%n", result.ratio());
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "refresh", mixinStandardHelpOptions = true, showDefaultValues = true,
            description = {"What a full refresh of a VM's or dump's tasks costs: all of stat, status, statm and cmdline in a new"
                + " epoch, with the profile known and the code warm.", ""})
    static final class Refresh implements Callable<Integer> {
        @Mixin
        private VmOptions vm;

        @Option(names = "--rounds", defaultValue = "40", paramLabel = "N", description = "Counted rounds, after as many uncounted.")
        private int rounds;

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Override
        public Integer call() {
            try (Watch watch = vm.open()) {
                ScaleBenchmark.Point point = new ScaleBenchmark(VmOptions::note).refresh(watch, rounds);
                if (json) {
                    Json.print(point);
                } else {
                    System.out.printf("%d tasks: %s ms, %.1f us each%n", point.count(), point.milliseconds(), point.microsecondsEach());
                }
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "scale", mixinStandardHelpOptions = true, showDefaultValues = true,
            description = {"What a full refresh costs against the number of tasks and sockets in the guest, with the profile known.", ""})
    static final class Scale implements Callable<Integer> {
        @Option(names = "--tasks", split = ",", defaultValue = "100,1000,10000", paramLabel = "N", description = "Extra processes.")
        private int[] tasks;

        @Option(names = "--sockets", split = ",", defaultValue = "100,1000,10000,50000", paramLabel = "N", description = "Extra sockets.")
        private int[] sockets;

        @Option(names = "--rounds", defaultValue = "20", paramLabel = "N", description = "Counted rounds, after as many uncounted.")
        private int rounds;

        @Option(names = "--json", description = "Print a JSON array.")
        private boolean json;

        @Override
        public Integer call() {
            ScaleBenchmark benchmark = new ScaleBenchmark(VmOptions::note);
            List<ScaleBenchmark.Point> points = new ArrayList<>(benchmark.tasks(tasks, rounds));
            points.addAll(benchmark.sockets(sockets, rounds));
            if (json) {
                Json.print(points);
            } else {
                System.out.printf("%-8s %8s  %-28s %s%n", "", "COUNT", "MS, MEDIAN (MIN TO MAX)", "US EACH");
                points.forEach(point -> System.out.printf("%-8s %8d  %-28s %.1f%n", point.what(), point.count(),
                        point.milliseconds(), point.microsecondsEach()));
            }
            return ExitCode.OK;
        }
    }
}
