package io.scwatcher.channel.page;

import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.VmControl;
import java.time.Duration;

/** A paused VM at the other end: renews its lease until it is closed. */
final class PausedEpoch implements VmControl.Pause {
    private final PageClient client;
    private final Runnable whenResumed;
    private final long number;
    private final Thread renewal;
    private boolean closed;

    PausedEpoch(PageClient client, Duration lease, Runnable whenResumed) {
        this.client = client;
        this.whenResumed = whenResumed;
        PageClient.Grant grant = client.open(EpochKind.PAUSED, lease);
        number = grant.number();
        renewal = Thread.ofVirtual().name("lease-renewal").start(() -> renew(grant.lease()));
    }

    long number() {
        return number;
    }

    private void renew(Duration granted) {
        try {
            for (Duration lease = granted; ; lease = client.renew(number, lease)) {
                Thread.sleep(lease.dividedBy(3));
            }
        } catch (InterruptedException | GuestMemoryException e) {
            // Closed; or the lease has ended, which the next read tells.
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        renewal.interrupt();
        client.close(number);
        whenResumed.run();
    }
}
