package io.scwatcher.enclave.watch;

import io.scwatcher.channel.page.RemoteMemory;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.VmControl;
import io.scwatcher.os.Counters;
import io.scwatcher.vprocfs.ProcFs;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A VM that is being watched: its memory, the profile of its kernel, and its /proc. */
public final class VmWatch implements AutoCloseable {
    /** Old enough that a tool's quick reads share an epoch, young enough for a person not to notice. */
    public static final Duration STALENESS = Duration.ofMillis(100);
    /** __NEW_UTS_LEN. */
    private static final int LONGEST_NODE_NAME = 64;

    private final MeteredMemory memory;
    private final VmControl.Pause pause;
    private final Epochs epochs;
    private final ProcFs proc;
    private final Consumer<String> notes;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private VmWatch(MeteredMemory memory, VmControl.Pause pause, Epochs epochs, Consumer<String> notes) {
        this.memory = memory;
        this.pause = pause;
        this.epochs = epochs;
        this.proc = new ProcFs(epochs);
        this.notes = notes;
    }

    /**
     * Profiles a VM's kernel and watches it from then on.
     *
     * @param name what the VM is called towards people
     * @param candidates the VM's memory, opened; where its map is not certain, in several ways. All are closed, sooner or later
     * @param staleness how old an epoch of a live capture may become
     * @param profiling hears of the steps of the discovery
     * @param notes takes lines for people, during the whole watch
     * @throws GuestMemoryException one line: if the VM cannot be read, or not be paused where that is asked for
     * @throws DiscoveryException one line: if its kernel cannot be read
     */
    public static VmWatch open(String name, List<? extends GuestMemory> candidates, Capture capture, Duration staleness, DiscoveryListener profiling,
            Consumer<String> notes) {
        VmControl.Pause pause = capture == Capture.PAUSED ? pauseFirst(candidates) : null;
        Profiled found = profile(candidates, profiling);
        MeteredMemory memory = new MeteredMemory(found.memory);
        try {
            boolean still = isStill(memory);
            if (capture == Capture.PAUSED && pause == null && !still) {
                pause = memory.control().orElseThrow(() -> new GuestMemoryException(
                        name + " cannot be paused, since it has no QMP socket that is free: use --capture live")).pause();
            }
            Duration age = still || pause != null ? null : staleness;
            return new VmWatch(memory, pause, new Epochs(memory, found.profile, age, notes, System::nanoTime), notes);
        } catch (RuntimeException | Error e) {
            try (memory) {
                if (pause != null) {
                    pause.close();
                }
            }
            throw e;
        }
    }

    /** An agent may let the VM be read only while it stands still: then profiling must wait for that. Closing the memory ends the pause, too. */
    private static VmControl.Pause pauseFirst(List<? extends GuestMemory> candidates) {
        if (!(candidates.getFirst() instanceof RemoteMemory remote && remote.isPausedOnly())) {
            return null;
        }
        try {
            return remote.control().orElseThrow().pause();
        } catch (RuntimeException | Error e) {
            remote.close();
            throw e;
        }
    }

    private record Profiled(GuestMemory memory, KernelProfile profile) {}

    /**
     * Profiles the kernel, before any pause: the VM shall stand still no longer than the tools need. Where the memory map
     * is not certain, the first in which a kernel is found is the right one.
     */
    private static Profiled profile(List<? extends GuestMemory> candidates, DiscoveryListener profiling) {
        RuntimeException why = null;
        Profiled found = null;
        for (GuestMemory memory : candidates) {
            try {
                if (found == null) {
                    found = new Profiled(memory, KernelProfile.discover(memory, profiling));
                }
            } catch (DiscoveryException | GuestMemoryException e) {
                why = why == null ? e : why;
            } finally {
                if (found == null || found.memory != memory) {
                    memory.close();
                }
            }
        }
        if (found == null) {
            throw why;
        }
        return found;
    }

    /** Dumps stand still for good. A VM that somebody else has paused may run on at any time. */
    private static boolean isStill(GuestMemory memory) {
        return memory.control().isEmpty() && !memory.isLive();
    }

    public GuestMemory memory() {
        return memory;
    }

    /** What was read from the VM so far, and what its epochs cost. */
    public Counters counters() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put(Counters.VM_EPOCHS, epochs.count());
        values.put(Counters.VM_EPOCH_TIME, epochs.nanos());
        values.put(Counters.VM_READS, memory.reads());
        values.put(Counters.VM_BYTES, memory.bytes());
        values.put(Counters.VM_ANOMALIES, epochs.anomalies());
        return new Counters(values);
    }

    /** Of the kernel that runs now; another one after a reboot. */
    public KernelProfile profile() {
        return epochs.profile();
    }

    /** The kernel of the current epoch. */
    public Kernel kernel() {
        return epochs.get();
    }

    /** The VM's /proc. */
    public ProcFs proc() {
        return proc;
    }

    /** The epochs as they pass: another object for each. */
    public Supplier<Kernel> epochs() {
        return epochs;
    }

    /** {@code uname -n} of the VM, "localhost" if it has none. */
    public String hostName() {
        try {
            String name = kernel().object("init_uts_ns", "uts_namespace").at("name").string("nodename", LONGEST_NODE_NAME);
            return name.isBlank() ? "localhost" : name;
        } catch (MemoryFault | NoSuchFieldInKernel unreadable) {
            return "localhost";
        }
    }

    /** Tells, each thing once, what kept a file from being read; readers get EIO. */
    public void failed(Throwable failure) {
        String line = failure instanceof GuestMemoryException ? failure.getMessage() : failure.toString();
        if (told.size() < 100 && told.add(line)) {
            notes.accept(line);
        }
    }

    /** Resumes the VM if it was paused, and lets it go. @throws GuestMemoryException one line: if it was paused and may be so still, or is gone */
    @Override
    public void close() {
        try (memory) {
            if (pause != null) {
                resume();
            }
        }
    }

    private void resume() {
        try {
            pause.close();
        } catch (GuestMemoryException e) {
            memory.check();
            throw e;
        }
    }
}
