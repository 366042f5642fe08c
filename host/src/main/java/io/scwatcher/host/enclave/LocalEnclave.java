package io.scwatcher.host.enclave;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.enclave.ToolLayers;
import io.scwatcher.enclave.session.RunningTool;
import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.enclave.session.ToolRequest.Bounds;
import io.scwatcher.enclave.session.ToolRunner;
import io.scwatcher.host.Capture;
import io.scwatcher.host.Watch;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.os.Counters;
import io.scwatcher.os.Layer;
import io.scwatcher.os.Limits;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.syscall.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs commands in this very process, each in a layer of its own; keeps what commands have in common: engines, opened bundles with all code that was
 * decoded and compiled, and VMs that are watched live. Until the enclave boundary exists, VMs are opened here too.
 */
public final class LocalEnclave implements ToolRunner, AutoCloseable {
    private static final int EX_DATAERR = 65;
    private static final int EX_UNAVAILABLE = 69;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private final Map<ToolRequest.Mode, Engine> engines = new EnumMap<>(ToolRequest.Mode.class);
    private final Map<Path, OpenBundle> bundles = new HashMap<>();
    private final Map<String, Watch> live = new HashMap<>();

    /** A bundle and the file's state when it was opened. */
    private record OpenBundle(Bundle bundle, FileTime modified, long size) {}

    @Override
    public RunningTool start(ToolRequest request, Streams streams, Consumer<String> notes) throws RefusedException {
        Bundle bundle = bundle(Path.of(request.bundle()));
        Watch watch = request.vm().isEmpty() ? null : watch(request.vm(), request.paused(), notes);
        Layer layer = null;
        try {
            Layer.Builder builder = watch == null ? ToolLayers.alone(bundle) : ToolLayers.watching(bundle, watch::kernel, watch.proc().root());
            builder.engine(engine(request.engine())).limits(limits(request.limits()));
            if (request.trace()) {
                builder.trace(notes);
            }
            layer = builder.build();
            return RunningTool.start(layer, request, streams, () -> release(watch, request.paused()), () -> counters(watch));
        } catch (SystemCallException e) {
            close(layer, watch, request.paused());
            boolean missing = e.errno() == Errno.ENOENT;
            throw new RefusedException(missing ? NOT_FOUND : NOT_EXECUTABLE,
                    request.command().getFirst() + (missing ? ": not found in the bundle" : ": cannot be executed: " + Errno.name(e.errno())));
        } catch (RuntimeException | Error e) {
            close(layer, watch, request.paused());
            throw e;
        }
    }

    /** Of the whole process, and of a VM, which other runs may share. */
    private static Counters counters(Watch watch) {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put(Counters.PROCESS, ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L));
        values.put(Counters.REGIONS, Engines.compiledRegions());
        values.put(Counters.REGION_TIME, Engines.compilationNanos());
        Counters ofProcess = new Counters(values);
        return watch == null ? ofProcess : ofProcess.and(watch.counters());
    }

    private void close(Layer layer, Watch watch, boolean paused) {
        if (layer != null) {
            layer.close();
        }
        release(watch, paused);
    }

    private static void release(Watch watch, boolean paused) {
        if (watch != null && paused) {
            watch.close();
        }
    }

    private synchronized Engine engine(ToolRequest.Mode mode) {
        return engines.computeIfAbsent(mode, wanted -> switch (wanted) {
            case MIXED -> Engines.mixed();
            case INTERPRETER -> Engines.interpreter();
            case COMPILER -> Engines.compiler();
        });
    }

    /** The bundle, opened anew where the file was replaced. */
    private synchronized Bundle bundle(Path file) throws RefusedException {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            long size = Files.size(file);
            OpenBundle known = bundles.get(file);
            if (known == null || !known.modified().equals(modified) || known.size() != size) {
                known = new OpenBundle(Bundle.open(file), modified, size);
                bundles.put(file, known);
            }
            return known.bundle();
        } catch (IOException e) {
            throw new RefusedException(EX_DATAERR, e.getMessage());
        }
    }

    /** A VM that is paused is opened for one command, so that it goes on afterwards; one that is watched live stays open. */
    private Watch watch(String vm, boolean paused, Consumer<String> notes) throws RefusedException {
        try {
            if (paused) {
                return Watch.open(vm, Capture.PAUSED, notes);
            }
            synchronized (live) {
                Watch known = live.get(vm);
                if (known == null || !isReadable(known)) {
                    known = Watch.open(vm, Capture.LIVE, notes);
                    live.put(vm, known);
                }
                return known;
            }
        } catch (DiscoveryException e) {
            throw new RefusedException(e.category().exitCode(), e.getMessage());
        } catch (GuestMemoryException e) {
            throw new RefusedException(EX_UNAVAILABLE, e.getMessage());
        }
    }

    private static boolean isReadable(Watch watch) {
        try {
            watch.hostName();
            return true;
        } catch (RuntimeException gone) {
            watch.close();
            return false;
        }
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
        synchronized (live) {
            live.values().forEach(Watch::close);
            live.clear();
        }
    }
}
