package io.scwatcher.host.enclave;

import io.scwatcher.enclave.run.BundleFiles;
import io.scwatcher.enclave.run.LayerRunner;
import io.scwatcher.enclave.session.RunningTool;
import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.enclave.session.ToolRunner;
import io.scwatcher.enclave.watch.WatchedVm;
import io.scwatcher.host.Watch;
import io.scwatcher.os.Counters;
import java.util.function.Consumer;

/** No enclave at all: commands run in this very process, on VMs of this host that are opened here. For dumps, tests and comparison. */
public final class LocalEnclave implements ToolRunner, AutoCloseable {
    private final LayerRunner runner =
            new LayerRunner((vm, capture, notes) -> WatchedVm.here(Watch.open(vm, capture, notes).vm()), new BundleFiles());

    @Override
    public RunningTool start(ToolRequest request, Streams streams, Consumer<String> notes) throws RefusedException {
        return runner.start(request, streams, notes);
    }

    /**
     * Of the whole process, and of a VM, which other runs may share.
     *
     * @param watch null if there is none
     */
    public static Counters processCounters(Watch watch) {
        return LayerRunner.processCounters(watch == null ? null : watch.vm());
    }

    /** Lets go of VMs that are gone, from time to time, on a thread that lasts as long as the process. */
    public void sweepFromTimeToTime() {
        runner.sweepFromTimeToTime();
    }

    @Override
    public void close() {
        runner.close();
    }
}
