package io.scwatcher.fidelity;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.VmControl;
import io.scwatcher.testbed.Guest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Compares vProcFS with a running testbed guest: the guest reads its /proc, stands still while we read it from outside,
 * goes on and reads again.
 */
public final class LiveFidelity {
    /** For the guest to come to rest after its first reading. */
    private static final int REST_MILLIS = 300;

    private static final int REPETITIONS = 6;

    private final Guest guest;
    private final GuestMemory memory;
    private final KernelProfile profile;
    private final Consumer<String> progress;
    private final List<String> anomalies = new ArrayList<>();
    private long pausedMillis;

    private LiveFidelity(Guest guest, GuestMemory memory, KernelProfile profile, Consumer<String> progress) {
        this.guest = guest;
        this.memory = memory;
        this.profile = profile;
        this.progress = progress;
    }

    /**
     * The outcome of one comparison.
     *
     * @param release of the guest's kernel
     * @param pausedMillis how long the guest stood still in all, which is how long we took to read
     * @param anomalies what was broken in what we read
     */
    public record Outcome(String release, Scoreboard scoreboard, long pausedMillis, List<String> anomalies) {}

    /**
     * Compares. What may have risen and fallen is compared again alone, up to {@value #REPETITIONS} times, as
     * {@link Settling} says. The guest goes on afterwards in any case.
     *
     * @param globs the paths below /proc to compare; empty for all
     * @param progress takes a line for each step
     * @throws IOException one line: if the reader cannot be compiled, or fails in the guest
     * @throws GuestMemoryException one line: if the guest's memory cannot be read, or the guest not be paused
     * @throws io.scwatcher.kernel.discovery.DiscoveryException one line: if its kernel cannot be read
     */
    public static Outcome run(Guest guest, List<String> globs, Consumer<String> progress) throws IOException {
        try (GuestMemory memory = GuestMemories.open(guest.qmpSocket().toString())) {
            KernelProfile profile = KernelProfile.discover(memory, DiscoveryListener.NONE);
            LiveFidelity fidelity = new LiveFidelity(guest, memory, profile, progress);
            Settling settling = new Settling(fidelity.once(globs));
            for (int i = 0; i < REPETITIONS && !settling.open().isEmpty(); i++) {
                progress.accept("once more %d nodes that may have risen and fallen".formatted(settling.open().size()));
                settling.add(fidelity.once(settling.open()));
            }
            return new Outcome(profile.release(), settling.scoreboard(), fidelity.pausedMillis, fidelity.anomalies);
        }
    }

    private Scoreboard once(List<String> globs) throws IOException {
        VmControl control = memory.control().orElseThrow(() -> new GuestMemoryException(
                guest.name() + " cannot be paused: another program holds its QMP socket"));
        progress.accept("the guest reads its /proc");
        long start = System.nanoTime();
        try (GuestWalk walk = GuestWalk.start(guest, CaptureMain.cache(), globs)) {
            progress.accept("that took %.1f s; reading it from outside".formatted(seconds(start)));
            rest();
            long paused = System.nanoTime();
            Kernel kernel;
            Snapshot.Taken ours;
            try (VmControl.Pause pause = control.pause()) {
                kernel = profile.epoch(memory);
                Globs selection = new Globs(globs);
                ours = Snapshot.take(OfflineMain.procFs(kernel, walk.readerPid()).root(), selection.selected(),
                        selection.leadingThere());
            }
            long millis = (System.nanoTime() - paused) / 1_000_000;
            pausedMillis += millis;
            anomalies.addAll(kernel.anomalies().list());
            progress.accept("%d nodes in %d ms; the guest reads again".formatted(ours.nodes(), millis));
            GuestWalk.Archives archives = walk.finish();
            return Comparison.compare(archives.before(), archives.after(), ours.root(), globs);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void rest() {
        try {
            Thread.sleep(REST_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
