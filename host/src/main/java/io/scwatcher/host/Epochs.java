package io.scwatcher.host;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
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

    private final GuestMemory memory;
    private final long stalenessNanos;
    private final Consumer<String> notes;
    private final LongSupplier clock;
    private KernelProfile profile;
    private volatile Epoch current;

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

    private synchronized Kernel next() {
        Epoch last = current;
        if (last != null && !isOver(last)) {
            return last.get();
        }
        if (last != null && (last.failure != null || !profile.stillValid(memory))) {
            current = profileAgain(last);
        } else {
            current = epoch();
        }
        return current.get();
    }

    private Epoch epoch() {
        return new Epoch(profile.epoch(memory), null, clock.getAsLong() + stalenessNanos);
    }

    private Epoch profileAgain(Epoch last) {
        try {
            profile = KernelProfile.discover(memory, DiscoveryListener.NONE);
        } catch (DiscoveryException e) {
            if (last.failure == null) {
                notes.accept("the VM no longer runs the kernel that was profiled; waiting for it to boot again");
            }
            return new Epoch(null, e, clock.getAsLong() + RETRY_NANOS);
        }
        notes.accept("the VM has booted again; it runs Linux " + profile.release());
        return epoch();
    }

    private boolean isOver(Epoch epoch) {
        return stalenessNanos >= 0 && clock.getAsLong() - epoch.until >= 0;
    }
}
