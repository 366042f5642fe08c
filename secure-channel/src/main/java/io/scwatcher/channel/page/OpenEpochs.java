package io.scwatcher.channel.page;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.VmControl;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The epochs of one connection. Those that pause the VM end by themselves when their lease does. */
final class OpenEpochs implements AutoCloseable {
    /** Ends leases, of all connections. */
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lease-timer").factory());

    private final GuestMemory memory;
    private final ServerLimits limits;
    private final EpochNumbers numbers;
    private final Map<Long, OpenEpoch> open = new LinkedHashMap<>();

    private static final class OpenEpoch {
        /** Null if the VM goes on, or stands still by nature. */
        private VmControl.Pause pause;
        private ScheduledFuture<?> end;
    }

    OpenEpochs(GuestMemory memory, ServerLimits limits, EpochNumbers numbers) {
        this.memory = memory;
        this.limits = limits;
        this.numbers = numbers;
    }

    /** Whether the memory stands still by nature: what only happens to stand still may go on at any time. */
    private boolean isStill() {
        return memory.control().isEmpty() && !memory.isLive();
    }

    /** The kinds of epochs that can be had, and are granted; empty if the memory stands still. */
    Set<EpochKind> captures() {
        if (isStill()) {
            return Set.of();
        }
        Set<EpochKind> captures = EnumSet.copyOf(limits.captures());
        if (memory.control().isEmpty()) {
            captures.remove(EpochKind.PAUSED);
        }
        return captures;
    }

    Duration granted(long millis) {
        return Duration.ofMillis(Math.clamp(millis, 0, limits.lease().toMillis()));
    }

    /** @return the epoch's number */
    synchronized long open(EpochKind kind, Duration lease) throws RefusedException {
        memory.check();
        boolean still = isStill();
        if (!still && !limits.captures().contains(kind)) {
            throw new RefusedException(Frame.Refusal.LIMIT, kind == EpochKind.LIVE ? "its policy does not let this enclave read the VM while it runs: use a paused capture"
                    : "its policy does not let this enclave pause the VM: use a live capture");
        }
        if (open.size() >= limits.epochs()) {
            endOldestLive();
        }
        OpenEpoch epoch = new OpenEpoch();
        long number = numbers.next();
        if (kind == EpochKind.PAUSED) {
            if (!still && memory.control().isEmpty()) {
                throw new RefusedException(Frame.Refusal.CANNOT_PAUSE, "the VM cannot be paused: its hypervisor offers no control socket");
            }
            try {
                epoch.pause = memory.control().map(VmControl::pause).orElse(null);
            } catch (GuestMemoryException e) {
                throw new RefusedException(Frame.Refusal.CANNOT_PAUSE, e.getMessage());
            }
            schedule(number, epoch, lease);
        }
        open.put(number, epoch);
        return number;
    }

    synchronized void renew(long number, Duration lease) throws RefusedException {
        OpenEpoch epoch = find(number);
        if (epoch.end != null) {
            epoch.end.cancel(false);
            schedule(number, epoch, lease);
        }
    }

    /** Runs while the epoch lasts for certain. */
    synchronized void during(long number, Runnable reading) throws RefusedException {
        find(number);
        reading.run();
    }

    synchronized void close(long number) {
        OpenEpoch epoch = open.remove(number);
        if (epoch != null) {
            end(epoch);
        }
    }

    @Override
    public synchronized void close() {
        RuntimeException failure = null;
        for (OpenEpoch epoch : open.values()) {
            try {
                end(epoch);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        open.clear();
        if (failure != null) {
            throw failure;
        }
    }

    private OpenEpoch find(long number) throws RefusedException {
        OpenEpoch epoch = open.get(number);
        if (epoch == null) {
            throw new RefusedException(Frame.Refusal.NO_SUCH_EPOCH, "epoch " + number + " has ended");
        }
        return epoch;
    }

    private void schedule(long number, OpenEpoch epoch, Duration lease) {
        epoch.end = TIMER.schedule(() -> close(number), lease.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void end(OpenEpoch epoch) {
        if (epoch.end != null) {
            epoch.end.cancel(false);
        }
        if (epoch.pause != null) {
            epoch.pause.close();
        }
    }

    private void endOldestLive() throws RefusedException {
        for (Iterator<OpenEpoch> all = open.values().iterator(); all.hasNext();) {
            if (all.next().end == null) {
                all.remove();
                return;
            }
        }
        throw new RefusedException(Frame.Refusal.LIMIT, "too many paused epochs (" + open.size() + ")");
    }
}
