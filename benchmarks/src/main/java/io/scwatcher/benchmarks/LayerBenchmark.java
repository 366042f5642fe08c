package io.scwatcher.benchmarks;

import io.scwatcher.benchmarks.LayerWorkload.Place;
import io.scwatcher.fidelity.layer.NativeRunner;
import io.scwatcher.fidelity.layer.Outcome;
import io.scwatcher.fidelity.layer.ToolBundle;
import io.scwatcher.fidelity.layer.ToolRunner;
import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.host.Watch;
import io.scwatcher.os.Counters;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Programs natively, in the OS emulation layer, and under QEMU's user-mode emulation, in turn, so that whatever else the machine does falls on all three
 * alike. Each place measures itself by bash's {@code time}. What one of them runs wrongly is reported and not timed. Needs the superuser.
 */
public final class LayerBenchmark {
    private static final List<String> PACKAGES = List.of("binutils", "chkrootkit", "gawk", "procps", "net-tools", "qemu-user-static");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** How much less warming up a quick run has. */
    private static final int QUICK_SHARE = 3;
    /** After that many seconds a workload has no further rounds. */
    private static final double ENOUGH = 60;
    /** On a busy machine the same processor time takes longer: so many times as long at most. */
    private static final int PATIENCE_WITH_OTHERS = 3;
    private static final int FEWEST_ROUNDS = 2;

    private final Path home;
    private final Consumer<String> progress;

    /** @param home where the launcher is */
    public LayerBenchmark(Path home, Consumer<String> progress) {
        this.home = home;
        this.progress = progress;
    }

    /**
     * Seconds; ratios are those of the medians.
     *
     * @param profile where the time of the layer's last run went, for people
     */
    public record Result(String workload, Spread natively, Spread layer, Spread emulator, double layerToNative, double emulatorToLayer, List<String> profile) {}

    /**
     * @param results of what all places ran rightly
     * @param wrong one line for each workload that one of them did not
     */
    public record Report(List<Result> results, List<String> wrong) {}

    private static final class WrongException extends IOException {
        WrongException(String message) {
            super(message);
        }
    }

    /**
     * Measures.
     *
     * @param only a glob of the workloads' names
     * @param rounds that count, at least 1; workloads that take long have fewer
     * @param quick smaller inputs, less warming up, no long workloads
     */
    public Report run(String only, int rounds, boolean quick) throws IOException, InterruptedException {
        List<LayerWorkload> workloads = LayerWorkload.all(quick).stream().filter(one -> one.matches(only)).toList();
        if (workloads.isEmpty()) {
            throw new IllegalArgumentException("no workload's name matches " + only + "; they are " + LayerWorkload.all(false).stream().map(LayerWorkload::name).toList());
        }
        Report report = new Report(new ArrayList<>(), new ArrayList<>());
        try (ToolBundle tools = ToolBundle.of(PACKAGES, null, progress); Bundle bundle = Bundle.open(tools.file())) {
            progress.accept("preparing a root directory whose programs QEMU runs");
            Path emulated = EmulatedRoot.of(tools.root(), tools.root().resolveSibling("emulated")).root();
            List<LayerWorkload> alone = workloads.stream().filter(one -> one.place() == Place.ALONE).toList();
            List<LayerWorkload> watching = workloads.stream().filter(one -> one.place() != Place.ALONE).toList();
            if (!alone.isEmpty()) {
                try (WarmLayer layer = new WarmLayer(bundle, null)) {
                    Places places = new Places(new NativeRunner(tools.root()), layer, new NativeRunner(emulated), null);
                    for (LayerWorkload workload : alone) {
                        add(workload, rounds, quick, places, report);
                    }
                }
            }
            if (!watching.isEmpty()) {
                watching(watching, rounds, quick, tools, bundle, emulated, report);
            }
        }
        return report;
    }

    private void watching(List<LayerWorkload> workloads, int rounds, boolean quick, ToolBundle tools, Bundle bundle, Path emulated, Report report)
            throws IOException, InterruptedException {
        GuestOptions options = GuestOptions.defaults("bench-layer-" + ProcessHandle.current().pid()).withBootTimeoutSeconds(600);
        try (Guest guest = new Testbed(progress).up(options); Watch watch = Watch.open(guest.name(), Capture.LIVE, progress); WarmLayer layer = new WarmLayer(bundle, watch)) {
            int tasks = (int) layer.run(List.of("/bin/ps", "ax", "--no-headers"), "/", new byte[0], PATIENCE).output().lines().count();
            progress.accept("the guest has " + tasks + " processes, and so has the PID namespace of native runs");
            try (SleepingTasks sleeping = new SleepingTasks(tasks)) {
                Places places = new Places(new NativeRunner(tools.root(), sleeping.prefix()), layer, new NativeRunner(emulated, sleeping.prefix()),
                        new ColdStart(home, guest.name(), tools.file()));
                for (LayerWorkload workload : workloads) {
                    add(workload, rounds, quick, places, report);
                }
            }
        }
    }

    private record Places(ToolRunner natively, WarmLayer layer, ToolRunner emulator, ColdStart cold) {}

    private void add(LayerWorkload workload, int rounds, boolean quick, Places places, Report report) throws IOException, InterruptedException {
        try {
            report.results.add(measure(workload, rounds, quick, places));
        } catch (WrongException e) {
            progress.accept("  not timed: " + e.getMessage());
            report.wrong.add(e.getMessage());
        }
    }

    private Result measure(LayerWorkload workload, int rounds, boolean quick, Places places) throws IOException, InterruptedException {
        progress.accept(workload.what());
        for (ToolRunner runner : List.of(places.natively, places.layer, places.emulator)) {
            check(workload.prepare(), runner.run(List.of("/bin/bash", "-ec", "mkdir -p /tmp; " + workload.prepare()), "/", new byte[0], PATIENCE));
        }
        boolean cold = workload.place() == Place.COLD;
        if (workload.sameOutput()) {
            compare(workload, places);
        }
        if (workload.warmUp() > 0) {
            warmUp(workload, places.layer, Duration.ofSeconds(quick ? workload.warmUp() / QUICK_SHARE : workload.warmUp()));
        }
        Outcome expected = places.natively.run(workload.timed(), "/", new byte[0], PATIENCE);
        List<Double> theirs = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        List<Double> emulators = new ArrayList<>();
        Counters counters = null;
        int fewest = workload.longest() ? 1 : Math.min(rounds, FEWEST_ROUNDS);
        double spent = 0;
        for (int i = 0; i < fewest || i < rounds && spent < ENOUGH; i++) {
            theirs.add(seconds(workload, places.natively, expected));
            ours.add(cold ? places.cold.seconds(workload.command()) : seconds(workload, places.layer, expected));
            counters = cold ? null : places.layer.counters();
            emulators.add(seconds(workload, places.emulator, expected));
            spent += theirs.getLast() + ours.getLast() + emulators.getLast();
        }
        Spread natively = Spread.of(theirs);
        Spread layer = Spread.of(ours);
        Spread emulator = Spread.of(emulators);
        Result result = new Result(workload.what(), natively, layer, emulator, layer.median() / Math.max(0.001, natively.median()), emulator.median() / layer.median(),
                cold ? places.cold.profile(workload.command()) : counters.lines());
        progress.accept("  native %s, layer %s, QEMU %s".formatted(natively, layer, emulator));
        return result;
    }

    /** All three must end and print alike. */
    private static void compare(LayerWorkload workload, Places places) throws IOException, InterruptedException {
        Outcome natively = places.natively.run(workload.command(), "/", new byte[0], PATIENCE);
        compare(workload, natively, "the layer", places.layer.run(workload.command(), "/", new byte[0], PATIENCE));
        compare(workload, natively, "QEMU", places.emulator.run(workload.command(), "/", new byte[0], PATIENCE));
    }

    private static void compare(LayerWorkload workload, Outcome natively, String where, Outcome other) throws WrongException {
        if (other.status() != natively.status() || !other.output().equals(natively.output())) {
            throw new WrongException("%s: natively it ends with %d and prints %d bytes, in %s with %d and %d%s".formatted(workload.what(), natively.status(),
                    natively.output().length(), where, other.status(), other.output().length(), other.output().length() == natively.output().length() ? " others" : ""));
        }
    }

    /**
     * Runs until this process has computed as much as two processors would in that time. Not until runs gain nothing: while the JVM's compilers are behind, a dozen of
     * them may take equally long before it gets faster again.
     */
    private void warmUp(LayerWorkload workload, WarmLayer layer, Duration most) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long computed = processorNanos();
        double first = 0;
        double last = 0;
        int count = 0;
        while (count == 0 || processorNanos() - computed < 2 * most.toNanos() && System.nanoTime() - start < PATIENCE_WITH_OTHERS * most.toNanos()) {
            last = seconds(workload, layer, null);
            first = count++ == 0 ? last : first;
        }
        progress.accept("  warmed up by %d runs: the first took %.2f s, the last %.2f s".formatted(count, first, last));
    }

    private static long processorNanos() {
        return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** What bash measured, of a run that ended as the native one did; but what chkproc finds depends on the system that it sees. */
    private static double seconds(LayerWorkload workload, ToolRunner runner, Outcome expected) throws IOException, InterruptedException {
        Outcome outcome = runner.run(workload.timed(), "/", new byte[0], PATIENCE);
        String text = outcome.error().strip();
        boolean same = expected == null || workload.longest() || outcome.status() == expected.status();
        if (!same || outcome.status() == Outcome.TIMED_OUT || outcome.status() > 125 || !text.matches("[0-9]+\\.[0-9]+")) {
            throw new WrongException("%s ended with %d: %s".formatted(workload.what(), outcome.status(), text));
        }
        return Double.parseDouble(text);
    }

    private static void check(String what, Outcome outcome) throws IOException {
        if (outcome.status() != 0) {
            throw new IOException(what + " ended with " + outcome.status() + ": " + outcome.error());
        }
    }
}
