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
 * alike. Each place measures itself by bash's {@code time}. The layer is warmed up until that gains no more. Needs the superuser.
 */
public final class LayerBenchmark {
    private static final List<String> PACKAGES = List.of("binutils", "chkrootkit", "gawk", "procps", "net-tools", "qemu-user-static");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** For each workload: the JVM compiles what it finds hot in the background meanwhile. */
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration QUICK_WARM_UP = Duration.ofSeconds(15);
    /** On a busy machine the same processor time takes longer: so many times as long at most. */
    private static final int PATIENCE_WITH_OTHERS = 3;
    private static final int FEW_ROUNDS = 2;

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
     * Measures.
     *
     * @param only a glob of the workloads' names
     * @param rounds that count, at least 1; long workloads have at most {@value #FEW_ROUNDS}
     * @param quick smaller inputs, less warming up, no long workloads
     */
    public List<Result> run(String only, int rounds, boolean quick) throws IOException, InterruptedException {
        List<LayerWorkload> workloads = LayerWorkload.all(quick).stream().filter(one -> one.matches(only)).toList();
        if (workloads.isEmpty()) {
            throw new IllegalArgumentException("no workload's name matches " + only + "; they are " + LayerWorkload.all(false).stream().map(LayerWorkload::name).toList());
        }
        List<Result> results = new ArrayList<>();
        try (ToolBundle tools = ToolBundle.of(PACKAGES, null, progress); Bundle bundle = Bundle.open(tools.file())) {
            progress.accept("preparing a root directory whose programs QEMU runs");
            Path emulated = EmulatedRoot.of(tools.root(), tools.root().resolveSibling("emulated")).root();
            List<LayerWorkload> alone = workloads.stream().filter(one -> one.place() == Place.ALONE).toList();
            List<LayerWorkload> watching = workloads.stream().filter(one -> one.place() != Place.ALONE).toList();
            if (!alone.isEmpty()) {
                try (WarmLayer layer = new WarmLayer(bundle, null)) {
                    Places places = new Places(new NativeRunner(tools.root()), layer, new NativeRunner(emulated), null);
                    for (LayerWorkload workload : alone) {
                        results.add(measure(workload, workload.longest() ? Math.min(rounds, FEW_ROUNDS) : rounds, quick, places));
                    }
                }
            }
            if (!watching.isEmpty()) {
                watching(watching, rounds, quick, tools, bundle, emulated, results);
            }
        }
        return results;
    }

    private void watching(List<LayerWorkload> workloads, int rounds, boolean quick, ToolBundle tools, Bundle bundle, Path emulated, List<Result> results)
            throws IOException, InterruptedException {
        GuestOptions options = GuestOptions.defaults("bench-layer-" + ProcessHandle.current().pid()).withBootTimeoutSeconds(600);
        try (Guest guest = new Testbed(progress).up(options); Watch watch = Watch.open(guest.name(), Capture.LIVE, progress); WarmLayer layer = new WarmLayer(bundle, watch)) {
            int tasks = (int) layer.run(List.of("/bin/ps", "ax", "--no-headers"), "/", new byte[0], PATIENCE).output().lines().count();
            progress.accept("the guest has " + tasks + " processes, and so has the PID namespace of native runs");
            try (SleepingTasks sleeping = new SleepingTasks(tasks)) {
                Places places = new Places(new NativeRunner(tools.root(), sleeping.prefix()), layer, new NativeRunner(emulated, sleeping.prefix()),
                        new ColdStart(home, guest.name(), tools.file()));
                for (LayerWorkload workload : workloads) {
                    results.add(measure(workload, workload.longest() ? Math.min(rounds, FEW_ROUNDS) : rounds, quick, places));
                }
            }
        }
    }

    private record Places(ToolRunner natively, WarmLayer layer, ToolRunner emulator, ColdStart cold) {}

    private Result measure(LayerWorkload workload, int rounds, boolean quick, Places places) throws IOException, InterruptedException {
        progress.accept(workload.what());
        for (ToolRunner runner : List.of(places.natively, places.layer, places.emulator)) {
            check(workload.prepare(), runner.run(List.of("/bin/bash", "-ec", "mkdir -p /tmp; " + workload.prepare()), "/", new byte[0], PATIENCE));
        }
        boolean cold = workload.place() == Place.COLD;
        Outcome expected = places.natively.run(workload.timed(), "/", new byte[0], PATIENCE);
        if (!cold) {
            warmUp(workload, places.layer, quick ? QUICK_WARM_UP : WARM_UP);
        }
        double[] theirs = new double[rounds];
        double[] ours = new double[rounds];
        double[] emulators = new double[rounds];
        Counters counters = null;
        for (int i = 0; i < rounds; i++) {
            theirs[i] = seconds(workload, places.natively, expected);
            ours[i] = cold ? places.cold.seconds(workload.command()) : seconds(workload, places.layer, expected);
            counters = cold ? null : places.layer.counters();
            emulators[i] = seconds(workload, places.emulator, expected);
        }
        Spread natively = Spread.of(theirs);
        Spread layer = Spread.of(ours);
        Spread emulator = Spread.of(emulators);
        Result result = new Result(workload.what(), natively, layer, emulator, layer.median() / Math.max(0.001, natively.median()), emulator.median() / layer.median(),
                cold ? places.cold.profile(workload.command()) : counters.lines());
        progress.accept("  native %s, layer %s, QEMU %s".formatted(natively, layer, emulator));
        return result;
    }

    /** Runs until five runs gained nothing, or this process has computed as much as two processors would in that time. */
    private void warmUp(LayerWorkload workload, WarmLayer layer, Duration most) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long computed = processorNanos();
        double first = 0;
        double best = Double.MAX_VALUE;
        int count = 0;
        int withoutGain = 0;
        while (count == 0 || withoutGain < 5 && processorNanos() - computed < 2 * most.toNanos()
                && System.nanoTime() - start < PATIENCE_WITH_OTHERS * most.toNanos()) {
            double seconds = seconds(workload, layer, null);
            first = count++ == 0 ? seconds : first;
            withoutGain = seconds < 0.95 * best ? 0 : withoutGain + 1;
            best = Math.min(best, seconds);
        }
        progress.accept("  warmed up by %d runs: the first took %.2f s, the best %.2f s".formatted(count, first, best));
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
            throw new IOException("%s ended with %d: %s".formatted(workload.what(), outcome.status(), text));
        }
        return Double.parseDouble(text);
    }

    private static void check(String what, Outcome outcome) throws IOException {
        if (outcome.status() != 0) {
            throw new IOException(what + " ended with " + outcome.status() + ": " + outcome.error());
        }
    }
}
