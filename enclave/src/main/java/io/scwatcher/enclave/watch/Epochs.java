package io.scwatcher.enclave.watch;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.memory.GuestMemory;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The epochs of a VM, one after the other. In a live capture an epoch is given out until it is as old as the staleness
 * allows; what was looked up in it stays with it. A VM that has booted again is profiled again, at most once a second.
 */
final class Epochs implements Supplier<Kernel> {
    private static final long RETRY_NANOS = 1_000_000_000;
    private static final long PATIENCE_NANOS = 2_000_000_000;
    private static final long LONGEST_PATIENCE_NANOS = 16_000_000_000L;

    private final GuestMemory memory;
    private final long stalenessNanos;
    private final Consumer<String> notes;
    private final LongSupplier clock;
    private KernelProfile profile;
    private long lastJiffies;
    private long suspiciousAt;
    private long patience = PATIENCE_NANOS;
    private volatile Epoch current;
    private volatile long count;
    private volatile long nanos;
    /** In epochs that are over. */
    private volatile long anomalies;

    /** Either a kernel or why there is none. */
    private record Epoch(Kernel kernel, DiscoveryException failure, long until) {
        Kernel get() {
            if (failure != null) {
                throw failure;
            }
            return kernel;
        }
    }

    /**
     * @param staleness for how long an epoch is given out; null if the memory stands still
     * @param notes takes lines for people
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    Epochs(GuestMemory memory, KernelProfile profile, Duration staleness, Consumer<String> notes, LongSupplier clock) {
        this.memory = memory;
        this.profile = profile;
        this.stalenessNanos = staleness == null ? -1 : staleness.toNanos();
        this.notes = notes;
        this.clock = clock;
    }

    /**
     * The kernel of the current epoch.
     *
     * @throws DiscoveryException while a VM that has booted again cannot be profiled yet
     * @throws io.scwatcher.memory.GuestMemoryException if the VM is gone
     */
    @Override
    public Kernel get() {
        Epoch epoch = current;
        return epoch == null || isOver(epoch) ? next() : epoch.get();
    }

    synchronized KernelProfile profile() {
        return profile;
    }

    /** Epochs so far. */
    long count() {
        return count;
    }

    /** Nanoseconds that it took to begin them, which is little: what they show is read when it is asked for. */
    long nanos() {
        return nanos;
    }

    /** What could not be read as it should be, in all epochs so far. */
    long anomalies() {
        Epoch epoch = current;
        return anomalies + found(epoch);
    }

    private static int found(Epoch epoch) {
        return epoch == null || epoch.kernel == null ? 0 : epoch.kernel.anomalies().count();
    }

    private synchronized Kernel next() {
        Epoch last = current;
        if (last != null && !isOver(last)) {
            return last.get();
        }
        long start = clock.getAsLong();
        int before = found(last);
        begin(last);
        anomalies += before;
        nanos += clock.getAsLong() - start;
        count++;
        return current.get();
    }

    private void begin(Epoch last) {
        memory.check();
        GuestMemory now = memory.epoch();
        boolean isLost = last != null && (last.failure != null || !profile.stillValid(now));
        current = isLost || last != null && standsStill(now) ? profileAgain(last) : epoch(now);
    }

    /**
     * Whether the kernel's clock has not moved for suspiciously long. After a reset the old kernel's image can lie in
     * memory for long, as if it still ran. An idle kernel may let its clock rest too, so this is asked for less and less
     * often, and profiling again may find the same kernel.
     */
    private boolean standsStill(GuestMemory epoch) {
        long now = clock.getAsLong();
        long jiffies = jiffies(epoch);
        if (jiffies != lastJiffies) {
            lastJiffies = jiffies;
            patience = PATIENCE_NANOS;
            suspiciousAt = now + patience;
            return false;
        }
        if (now - suspiciousAt < 0 || !memory.isLive()) {
            return false;
        }
        patience = Math.min(2 * patience, LONGEST_PATIENCE_NANOS);
        suspiciousAt = now + patience;
        return true;
    }

    private long jiffies(GuestMemory epoch) {
        try {
            Kernel kernel = profile.epoch(epoch);
            return kernel.memory().u64(kernel.address("jiffies_64"));
        } catch (MemoryFault | NoSuchFieldInKernel unreadable) {
            return 0;
        }
    }

    private Epoch epoch(GuestMemory epoch) {
        return new Epoch(profile.epoch(epoch), null, clock.getAsLong() + stalenessNanos);
    }

    private Epoch profileAgain(Epoch last) {
        KernelProfile before = profile;
        try {
            profile = KernelProfile.discover(memory, DiscoveryListener.NONE);
        } catch (DiscoveryException e) {
            if (last.failure == null) {
                notes.accept("the VM no longer runs the kernel that was profiled; waiting for it to boot again");
            }
            return new Epoch(null, e, clock.getAsLong() + RETRY_NANOS);
        }
        if (last.failure != null || profile.physicalBase() != before.physicalBase()
                || profile.virtualOffset() != before.virtualOffset() || !profile.banner().equals(before.banner())) {
            notes.accept("the VM has booted again; it runs Linux " + profile.release());
        }
        return epoch(memory.epoch());
    }

    private boolean isOver(Epoch epoch) {
        return stalenessNanos >= 0 && clock.getAsLong() - epoch.until >= 0;
    }
}
