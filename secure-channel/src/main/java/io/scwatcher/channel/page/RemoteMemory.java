package io.scwatcher.channel.page;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A VM's memory at the other end of a channel. What is read from it directly is fetched each time; {@link #epoch} keeps what was fetched. While the VM is paused through
 * {@link #control}, every epoch is that of the pause.
 */
public final class RemoteMemory implements GuestMemory {
    private static final long NONE = 0;

    private final PageClient client;
    private final VmDescription vm;
    private final RemoteOptions options;
    private final ReadAhead readAhead;
    private final AtomicLong fetched = new AtomicLong();
    private final AtomicLong used = new AtomicLong();
    /** The epoch that lasts: of a VM that stands still, or is paused; null while there is none. */
    private RemoteEpoch still;
    /** The epoch of direct reads; {@link #NONE} before the first. */
    private long direct = NONE;

    private RemoteMemory(PageClient client, RemoteOptions options) {
        this.client = client;
        this.options = options;
        vm = client.describe();
        readAhead = new ReadAhead(options.readAhead());
        still = vm.captures().isEmpty() ? newEpoch(directEpoch()) : null;
    }

    /**
     * @param channel to a {@link PageServer}; closed with this memory, or if this fails
     * @throws GuestMemoryException one line: what the agent refuses, or how it breaks the protocol
     */
    public static RemoteMemory connect(ByteChannel channel, RemoteOptions options) {
        PageClient client = new PageClient(channel, options.patience());
        try {
            return new RemoteMemory(client, options);
        } catch (RuntimeException | Error e) {
            client.close();
            throw e;
        }
    }

    public VmIdentity identity() {
        return vm.identity();
    }

    /** The agent's number of the newest epoch; they grow, also from one connection to the next as long as the agent lives. 0 before the first. */
    public long lastEpoch() {
        return client.lastEpoch();
    }

    public ChannelStatistics statistics() {
        return new ChannelStatistics(client.roundTrips(), client.bytesSent(), client.bytesReceived(), fetched.get(), used.get());
    }

    @Override
    public synchronized GuestMemory epoch() {
        readAhead.restart();
        return still != null ? still : newEpoch(client.open(EpochKind.LIVE, options.lease()).number());
    }

    private RemoteEpoch newEpoch(long number) {
        return new RemoteEpoch(this, number, readAhead, options.cacheBytes());
    }

    @Override
    public void read(ScatterRead batch) {
        used.addAndGet(batch.size());
        fetch(directEpoch(), batch);
    }

    private synchronized long directEpoch() {
        if (direct == NONE) {
            direct = client.open(EpochKind.LIVE, options.lease()).number();
        }
        return direct;
    }

    void fetch(long epoch, ScatterRead batch) {
        fetched.addAndGet(batch.size());
        client.read(epoch, batch);
    }

    void countUse() {
        used.incrementAndGet();
    }

    @Override
    public String description() {
        return vm.description() + ", through an agent";
    }

    @Override
    public List<PhysicalRange> ram() {
        return vm.ram();
    }

    @Override
    public List<PhysicalRange> populated(PhysicalRange within) {
        return client.populated(within);
    }

    @Override
    public Optional<VmControl> control() {
        return vm.captures().contains(EpochKind.PAUSED) ? Optional.of(this::pause) : Optional.empty();
    }

    /** One pause at a time: its epoch is that of all reads. */
    private synchronized VmControl.Pause pause() {
        if (still != null) {
            throw new GuestMemoryException("the VM is paused already");
        }
        PausedEpoch pause = new PausedEpoch(client, options.lease(), this::resumed);
        direct = pause.number();
        still = newEpoch(direct);
        return pause;
    }

    private synchronized void resumed() {
        still = null;
        direct = NONE;
    }

    @Override
    public synchronized boolean isLive() {
        return still == null;
    }

    /** Whether the agent lets this client read the VM only while it is paused. */
    public boolean isPausedOnly() {
        return vm.captures().equals(Set.of(EpochKind.PAUSED));
    }

    @Override
    public void check() {
        client.check();
    }

    @Override
    public Optional<byte[]> vmcoreinfo() {
        return vm.vmcoreinfo();
    }

    @Override
    public void close() {
        client.close();
    }
}
