package io.scwatcher.enclave.run;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.enclave.ToolLayers;
import io.scwatcher.enclave.session.RunningTool;
import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.enclave.session.ToolRequest.Bounds;
import io.scwatcher.enclave.session.ToolRunner;
import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.enclave.watch.VmWatch;
import io.scwatcher.enclave.watch.WatchedVm;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.os.Counters;
import io.scwatcher.os.Layer;
import io.scwatcher.os.Limits;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.syscall.SystemCallException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs commands in this very process, each in a layer of its own; keeps what commands have in common: engines, opened bundles with all code that was
 * decoded and compiled, and VMs that are watched live.
 */
public final class LayerRunner implements ToolRunner, AutoCloseable {
    private static final int EX_UNAVAILABLE = 69;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final long SWEEP_MILLIS = 30_000;

    private final Map<ToolRequest.Mode, Engine> engines = new EnumMap<>(ToolRequest.Mode.class);
    private final VmSource vms;
    private final BundleSource bundles;
    private final LiveWatches live;

    public LayerRunner(VmSource vms, BundleSource bundles) {
        this.vms = vms;
        this.bundles = bundles;
        this.live = new LiveWatches(vms);
    }

    @Override
    public RunningTool start(ToolRequest request, Streams streams, Consumer<String> notes) throws RefusedException {
        Bundle bundle = bundles.open(request.bundle());
        LiveWatches.Use use = null;
        Layer layer = null;
        try {
            use = request.vm().isEmpty() ? null : request.paused() ? paused(request.vm(), notes) : live.use(request.vm(), notes);
            WatchedVm vm = use == null ? null : use.vm();
            VmWatch watch = vm == null ? null : vm.watch();
            Layer.Builder builder = watch == null ? ToolLayers.alone(bundle) : ToolLayers.watching(bundle, watch::kernel, watch.proc().root());
            builder.engine(engine(request.engine())).limits(limits(request.limits()));
            if (request.trace()) {
                builder.trace(notes);
            }
            layer = builder.build();
            return RunningTool.start(layer, request, new RunningTool.Subject(bundle.digest(), vm), streams, use == null ? () -> {} : use::close, () -> processCounters(watch));
        } catch (RuntimeException | Error e) {
            close(layer, use);
            switch (e) {
                case SystemCallException failed -> throw refused(request, failed.errno());
                case DiscoveryException told -> throw new RefusedException(told.category().exitCode(), told.getMessage());
                case GuestMemoryException told -> throw new RefusedException(EX_UNAVAILABLE, told.getMessage());
                default -> throw e;
            }
        }
    }

    /**
     * Of the whole process, and of a VM, which other runs may share.
     *
     * @param watch null if there is none
     */
    public static Counters processCounters(VmWatch watch) {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put(Counters.PROCESS, ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L));
        values.put(Counters.REGIONS, Engines.compiledRegions());
        values.put(Counters.REGION_TIME, Engines.compilationNanos());
        Counters ofProcess = new Counters(values);
        return watch == null ? ofProcess : ofProcess.and(watch.counters());
    }

    private static RefusedException refused(ToolRequest request, int errno) {
        boolean missing = errno == Errno.ENOENT;
        return new RefusedException(missing ? NOT_FOUND : NOT_EXECUTABLE,
                request.command().getFirst() + (missing ? ": not found in the bundle" : ": cannot be executed: " + Errno.name(errno)));
    }

    private static void close(Layer layer, LiveWatches.Use use) {
        if (layer != null) {
            layer.close();
        }
        if (use != null) {
            use.close();
        }
    }

    /** A VM that is paused is opened for one command, so that it goes on afterwards. */
    private LiveWatches.Use paused(String name, Consumer<String> notes) {
        WatchedVm vm = vms.open(name, Capture.PAUSED, notes);
        return new LiveWatches.Use(vm, () -> {
            try {
                vm.watch().close();
            } catch (GuestMemoryException e) {
                notes.accept(e.getMessage());
            }
        });
    }

    /** Lets go of VMs that are gone, from time to time, on a thread that lasts as long as the process. */
    public void sweepFromTimeToTime() {
        Thread.ofVirtual().name("sweep").start(() -> {
            while (true) {
                try {
                    Thread.sleep(SWEEP_MILLIS);
                } catch (InterruptedException e) {
                    return;
                }
                live.sweep();
            }
        });
    }

    private synchronized Engine engine(ToolRequest.Mode mode) {
        return engines.computeIfAbsent(mode, wanted -> switch (wanted) {
            case MIXED -> Engines.mixed();
            case INTERPRETER -> Engines.interpreter();
            case COMPILER -> Engines.compiler();
        });
    }

    private static Limits limits(Bounds asked) {
        Limits limits = Limits.DEFAULT;
        limits = asked.cpuSeconds() > 0 ? limits.withCpuNanos(asked.cpuSeconds() * 1_000_000_000) : limits;
        limits = asked.memoryMegabytes() > 0 ? limits.withMemory(asked.memoryMegabytes() << 20) : limits;
        limits = asked.processes() > 0 ? limits.withProcesses(asked.processes()) : limits;
        return asked.outputMegabytes() > 0 ? limits.withOutput(asked.outputMegabytes() << 20) : limits;
    }

    @Override
    public void close() {
        live.close();
    }
}
