package io.scwatcher.enclave.watch;

import io.scwatcher.memory.ForwardingMemory;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.ScatterRead;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is read from a VM's memory. */
final class MeteredMemory extends ForwardingMemory {
    private final GuestMemory memory;
    private final LongAdder reads;
    private final LongAdder bytes;

    MeteredMemory(GuestMemory memory) {
        this(memory, new LongAdder(), new LongAdder());
    }

    private MeteredMemory(GuestMemory memory, LongAdder reads, LongAdder bytes) {
        super(memory);
        this.memory = memory;
        this.reads = reads;
        this.bytes = bytes;
    }

    /** Counted together with this memory. */
    @Override
    public GuestMemory epoch() {
        GuestMemory epoch = memory.epoch();
        return epoch == memory ? this : new MeteredMemory(epoch, reads, bytes);
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
    public void close() {
        memory.close();
    }
}
