package io.scwatcher.benchmarks;

import io.scwatcher.cpu.Engines;
import io.scwatcher.fidelity.layer.LayerRunner;
import io.scwatcher.fidelity.layer.NativeRunner;
import io.scwatcher.fidelity.layer.Outcome;
import io.scwatcher.fidelity.layer.ToolBundle;
import io.scwatcher.fidelity.layer.ToolRunner;
import io.scwatcher.os.Limits;
import io.scwatcher.os.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Programs in the OS emulation layer, natively, and under QEMU's user-mode emulation, in turn, so that whatever else the machine does falls on all three alike.
 * Each place measures itself by bash's {@code time}. The layer is warm: the first round does not count. Needs the superuser.
 */
public final class LayerBenchmark {
    private static final List<String> PACKAGES = List.of("chkrootkit", "gawk", "procps", "net-tools", "qemu-user-static");
    private static final String EMULATOR = "/usr/bin/qemu-x86_64-static";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Long inputs, the same in both places. */
    private static final String PREPARE = """
            mkdir -p /tmp/bench /emulated; cd /tmp/bench
            cat /usr/bin/[a-m]* | head -c 20000000 >mixed; head -c 100000000 /dev/zero >zeros; seq 1 1000000 | gawk '{print $1 * 7919 % 1000003, $1}' >lines
            printf '#!%s /bin/true\\n' EMULATOR >/emulated/true; chmod +x /emulated/true
            """.replace("EMULATOR", EMULATOR);

    private final Consumer<String> progress;

    public LayerBenchmark(Consumer<String> progress) {
        this.progress = progress;
    }

    /**
     * @param command what natively and in the layer is run
     * @param emulated what QEMU runs, or null where that would leave the children to the machine
     */
    private record Workload(String name, List<String> command, List<String> emulated) {
        static Workload single(String name, String... command) {
            return new Workload(name, List.of(command), List.of(command));
        }
    }

    /** Seconds; {@code emulator} null where it is not measured. Ratios are those of the medians. */
    public record Result(String workload, Spread natively, Spread layer, Spread emulator, double layerToNative, Double emulatorToLayer) {}

    private static List<Workload> workloads() {
        String loop = "for i in $(seq 1 300); do %s/true; done";
        return List.of(
                new Workload("fork and exec, 300 times", List.of("/bin/bash", "-c", loop.formatted("/bin")), List.of("/bin/bash", "-c", loop.formatted("/emulated"))),
                new Workload("chkrootkit tcpd", List.of("/bin/sh", "/usr/sbin/chkrootkit", "tcpd"), null),
                Workload.single("bash -c :", "/bin/bash", "-c", ":"),
                Workload.single("gzip -9 of 20 MB", "/usr/bin/gzip", "-9c", "/tmp/bench/mixed"),
                Workload.single("sha256sum of 100 MB", "/usr/bin/sha256sum", "/tmp/bench/zeros"),
                Workload.single("gawk loop of 20 million", "/usr/bin/gawk", "BEGIN{for(i=0;i<2e7;i++)s+=i;print s}"),
                Workload.single("sort of 1 million lines", "/usr/bin/sort", "/tmp/bench/lines"));
    }

    /** @param rounds that count, at least 1 */
    public List<Result> run(int rounds) throws IOException, InterruptedException {
        try (ToolBundle tools = ToolBundle.of(PACKAGES, null, progress); Bundle bundle = Bundle.open(tools.file());
                LayerRunner layer = new LayerRunner(bundle.root(), Engines.mixed(), Limits.DEFAULT, null)) {
            NativeRunner natively = tools.natively();
            if (!Files.exists(Path.of(tools.root() + EMULATOR))) {
                throw new IOException("the package qemu-user-static has no " + EMULATOR);
            }
            for (ToolRunner runner : List.of(natively, layer)) {
                check(PREPARE, runner.run(List.of("/bin/bash", "-ec", PREPARE), "/", new byte[0], PATIENCE));
            }
            List<Result> results = new ArrayList<>();
            for (Workload workload : workloads()) {
                progress.accept(workload.name);
                results.add(measure(workload, rounds, natively, layer));
            }
            return results;
        }
    }

    private static Result measure(Workload workload, int rounds, NativeRunner natively, LayerRunner layer) throws IOException, InterruptedException {
        double[] theirs = new double[rounds];
        double[] ours = new double[rounds];
        double[] emulators = new double[rounds];
        List<String> emulated = new ArrayList<>(List.of(EMULATOR));
        emulated.addAll(workload.emulated == null ? List.of() : workload.emulated);
        for (int i = -1; i < rounds; i++) {
            int at = Math.max(i, 0);
            Outcome expected = timed(natively, workload.command);
            theirs[at] = seconds(expected, expected);
            ours[at] = seconds(timed(layer, workload.command), expected);
            emulators[at] = workload.emulated == null ? 0 : seconds(timed(natively, emulated), expected);
        }
        Spread nativeSpread = Spread.of(theirs);
        Spread layerSpread = Spread.of(ours);
        Spread emulatorSpread = workload.emulated == null ? null : Spread.of(emulators);
        return new Result(workload.name, nativeSpread, layerSpread, emulatorSpread, layerSpread.median() / Math.max(0.001, nativeSpread.median()),
                emulatorSpread == null ? null : emulatorSpread.median() / layerSpread.median());
    }

    private static Outcome timed(ToolRunner runner, List<String> command) throws IOException, InterruptedException {
        List<String> timed = new ArrayList<>(List.of("/bin/bash", "-c", "TIMEFORMAT=%R; time \"$@\" >/dev/null 2>&1", "bash"));
        timed.addAll(command);
        return runner.run(timed, "/", new byte[0], PATIENCE);
    }

    /** What bash measured, of a run that ended as the native one did: chkrootkit's status says what it found. */
    private static double seconds(Outcome outcome, Outcome expected) throws IOException {
        String text = outcome.error().strip();
        if (outcome.status() != expected.status() || !text.matches("[0-9]+\\.[0-9]+")) {
            throw new IOException("ended with %d instead of %d: %s".formatted(outcome.status(), expected.status(), text));
        }
        return Double.parseDouble(text);
    }

    private static void check(String what, Outcome outcome) throws IOException {
        if (outcome.status() != 0) {
            throw new IOException(what + " ended with " + outcome.status() + ": " + outcome.error());
        }
    }
}
