package io.scwatcher.cli;

import io.scwatcher.benchmarks.LayerBenchmark;
import io.scwatcher.benchmarks.ListingBenchmark;
import io.scwatcher.benchmarks.ScaleBenchmark;
import io.scwatcher.host.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code scwatcher bench}: the measurements behind the figures in docs/. */
final class BenchCommand extends CommandGroup {
    BenchCommand() {
        super("bench", "Repeats the measurements whose figures the documentation quotes, on this machine.");
        add(new LayerSpeed());
        add(new Listing());
        add(new Refresh());
        add(new Scale());
    }

    private static final class LayerSpeed extends Command {
        private final Supplier<Integer> rounds = option(Integer.class, "--rounds", "N", "Counted rounds of each, after uncounted ones in the layer; fewer where they take long.").orElse("5");
        private final Supplier<String> only = option(String.class, "--only", "GLOB", "Only these: fork-exec, tcpd, ps, ps-cold, chkproc, gzip, sha256sum, gawk, sort.").orElse("*");
        private final Supplier<Boolean> quick = flag("--quick", "Smaller inputs, less warming up, without chkproc: a few minutes instead of about twenty.");
        private final Supplier<Boolean> json = flag("--json", "Print a JSON array.");

        LayerSpeed() {
            super("layer", "Programs in the warm OS emulation layer beside native runs and QEMU's user-mode emulation.",
                    "A program that prints something else in one of the places is named, not timed, and the exit status tells.", "Needs root, and downloads the tools and QEMU (about 100 MB) the first time.", "");
            showDefaults();
        }

        @Override
        public Integer call() throws Exception {
            LayerBenchmark.Report report = new LayerBenchmark(Path.of(System.getProperty("scwatcher.home")), VmOptions::note)
                    .run(only.get(), Math.max(1, rounds.get()), quick.get());
            List<LayerBenchmark.Result> results = report.results();
            if (json.get()) {
                Json.print(results);
            } else {
                System.out.printf("%-34s %-24s %-24s %-24s %12s %12s%n", "SECONDS, MEDIAN (MIN-MAX)", "NATIVE", "LAYER", "QEMU", "LAYER/NATIVE", "QEMU/LAYER");
                results.forEach(one -> System.out.printf("%-34s %-24s %-24s %-24s %12.1f %12.1f%n", one.workload(), one.natively(), one.layer(), one.emulator(),
                        one.layerToNative(), one.emulatorToLayer()));
                System.out.println("\nWHERE THE LAYER'S TIME WENT, LAST ROUND");
                for (LayerBenchmark.Result one : results) {
                    System.out.println(one.workload());
                    one.profile().forEach(line -> System.out.println("  " + line));
                }
            }
            report.wrong().forEach(line -> VmOptions.note("not timed: " + line));
            return report.wrong().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private static final class Listing extends Command {
        private final Supplier<Integer> tasks = option(Integer.class, "--tasks", "N", "Processes in the guest.").orElse("205");
        private final Supplier<Integer> rounds = option(Integer.class, "--rounds", "N", "Runs of each, in turn.").orElse("5");
        private final Supplier<Boolean> json = flag("--json", "Print one JSON object.");

        Listing() {
            super("listing", "From a dump to a listing of all tasks with all fields, in a fresh process: ours beside drgn.",
                    "Needs root, and downloads drgn and the kernel's debug package (about 300 MB) the first time.", "");
            showDefaults();
        }

        @Override
        public Integer call() throws IOException {
            ListingBenchmark.Result result = new ListingBenchmark(Path.of(System.getProperty("scwatcher.home")), VmOptions::note)
                    .run(tasks.get(), rounds.get());
            if (json.get()) {
                Json.print(result);
            } else {
                System.out.printf("Linux %s, %d processes; seconds of whole processes, median (min to max) of %d%n",
                        result.release(), result.tasks(), rounds.get());
                System.out.printf("scwatcher  %s, printing %d bytes%n", result.ours(), result.oursBytes());
                System.out.printf("drgn       %s, printing %d bytes, with the debug package%n", result.drgn(), result.drgnBytes());
                System.out.printf("ratio      %s%n", result.ratio());
            }
            return ExitCode.OK;
        }
    }

    private static final class Refresh extends Command {
        private final VmOptions vm = new VmOptions(this);
        private final Supplier<Integer> rounds = option(Integer.class, "--rounds", "N",
                "Counted rounds, after uncounted ones.").orElse("40");
        private final Supplier<Boolean> parallel = flag("--parallel", "Read on all processors instead of in one thread.");
        private final Supplier<Boolean> json = flag("--json", "Print one JSON object.");

        Refresh() {
            super("refresh", "What a full refresh of a VM's or dump's tasks costs: all of stat, status, statm and cmdline in a new"
                    + " epoch, with the profile known and the code warm.", "");
            showDefaults();
        }

        @Override
        public Integer call() {
            try (Watch watch = vm.open()) {
                ScaleBenchmark.Point point = new ScaleBenchmark(VmOptions::note).refresh(watch, rounds.get(), parallel.get());
                if (json.get()) {
                    Json.print(point);
                } else {
                    System.out.printf("%d tasks: %s ms, %.1f us each%n", point.count(), point.milliseconds(), point.microsecondsEach());
                }
            }
            return ExitCode.OK;
        }
    }

    private static final class Scale extends Command {
        private final Supplier<int[]> tasks = option(int[].class, "--tasks", "N", "Extra processes.").orElse("100,1000,10000");
        private final Supplier<int[]> sockets = option(int[].class, "--sockets", "N", "Extra sockets.")
                .orElse("100,1000,10000,50000");
        private final Supplier<Integer> rounds = option(Integer.class, "--rounds", "N",
                "Counted rounds, after uncounted ones.").orElse("20");
        private final Supplier<Boolean> json = flag("--json", "Print a JSON array.");

        Scale() {
            super("scale", "What a full refresh costs against the number of tasks and sockets in the guest, with the profile known.",
                    "");
            showDefaults();
        }

        @Override
        public Integer call() {
            ScaleBenchmark benchmark = new ScaleBenchmark(VmOptions::note);
            List<ScaleBenchmark.Point> points = new ArrayList<>(benchmark.tasks(tasks.get(), rounds.get()));
            points.addAll(benchmark.sockets(sockets.get(), rounds.get()));
            if (json.get()) {
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
