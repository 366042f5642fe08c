package io.scwatcher.host;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is read from a VM's memory. */
final class MeteredMemory implements GuestMemory {
    private final GuestMemory memory;
    private final LongAdder reads = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    MeteredMemory(GuestMemory memory) {
        this.memory = memory;
    }

    /** Runs of bytes that were asked for. */
    long reads() {
        return reads.sum();
    }

    /** Their lengths' sum. */
    long bytes() {
        return bytes.sum();
    }

    @Override
    public void read(ScatterRead batch) {
        long length = 0;
        for (int i = 0; i < batch.size(); i++) {
            length += batch.length(i);
        }
        reads.add(batch.size());
        bytes.add(length);
        memory.read(batch);
    }

    @Override
    public boolean read(long address, byte[] destination, int offset, int length) {
        reads.increment();
        bytes.add(length);
        return memory.read(address, destination, offset, length);
    }

    @Override
    public String description() {
        return memory.description();
    }

    @Override
    public List<PhysicalRange> ram() {
        return memory.ram();
    }

    @Override
    public List<PhysicalRange> populated(PhysicalRange within) {
        return memory.populated(within);
    }

    @Override
    public Optional<VmControl> control() {
        return memory.control();
    }

    @Override
    public boolean isLive() {
        return memory.isLive();
    }

    @Override
    public Optional<byte[]> vmcoreinfo() {
        return memory.vmcoreinfo();
    }

    @Override
    public void close() {
        memory.close();
    }
}
