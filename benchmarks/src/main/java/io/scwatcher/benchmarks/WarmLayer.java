package io.scwatcher.benchmarks;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.enclave.ToolLayers;
import io.scwatcher.fidelity.layer.Outcome;
import io.scwatcher.fidelity.layer.ToolRunner;
import io.scwatcher.host.Watch;
import io.scwatcher.host.enclave.LocalEnclave;
import io.scwatcher.os.Counters;
import io.scwatcher.os.Layer;
import io.scwatcher.os.Run;
import io.scwatcher.os.StandardStreams;
import io.scwatcher.os.bundle.Bundle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs programs in layers of this process, as a warm enclave does; code that was decoded and compiled is kept. */
final class WarmLayer implements ToolRunner, AutoCloseable {
    private static final Engine ENGINE = Engines.mixed();

    private final Bundle bundle;
    private final Watch watch;
    /** Where the system is the layer itself, files stay from run to run. */
    private final Layer alone;
    private Counters counters;

    /** @param watch the VM that programs shall see, each run in a layer of its own; null for none */
    WarmLayer(Bundle bundle, Watch watch) {
        this.bundle = bundle;
        this.watch = watch;
        this.alone = watch == null ? ToolLayers.alone(bundle).engine(ENGINE).build() : null;
    }

    @Override
    public Outcome run(List<String> command, String directory, byte[] input, Duration patience) throws InterruptedException {
        Counters before = LocalEnclave.processCounters(watch);
        Layer layer = alone != null ? alone : ToolLayers.watching(bundle, watch::kernel, watch.proc().root()).engine(ENGINE).build();
        try {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            Run run = layer.start(command, ENVIRONMENT, directory, StandardStreams.of(new ByteArrayInputStream(input), output, errors));
            CompletableFuture<Void> late = CompletableFuture.runAsync(run::kill, CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
            int status = run.waitForExit();
            boolean inTime = late.cancel(false);
            counters = run.counters().and(LocalEnclave.processCounters(watch).since(before));
            return Outcome.of(inTime ? status : Outcome.TIMED_OUT, output.toByteArray(), errors.toByteArray());
        } finally {
            if (layer != alone) {
                layer.close();
            }
        }
    }

    /** Of the last run. */
    Counters counters() {
        return counters;
    }

    @Override
    public void close() {
        if (alone != null) {
            alone.close();
        }
    }
}
