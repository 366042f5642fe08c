package io.scwatcher.channel.page;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.util.List;
import java.util.Optional;

/** RAM from 0 to its half and from 4 GiB on; can be paused, be gone, and change. */
public final class TestMemory implements GuestMemory {
    static final long HIGH = 1L << 32;
    private final byte[] bytes;
    private volatile int pauses;
    volatile boolean gone;

    public TestMemory(int size) {
        bytes = new byte[size];
    }

    public byte[] bytes() {
        return bytes;
    }

    public int pauses() {
        return pauses;
    }

    @Override
    public String description() {
        return "test memory";
    }

    @Override
    public List<PhysicalRange> ram() {
        return List.of(new PhysicalRange(0, bytes.length / 2), new PhysicalRange(HIGH, bytes.length / 2));
    }

    @Override
    public void read(ScatterRead batch) {
        if (gone) {
            throw new GuestMemoryException("the VM is gone");
        }
        for (int i = 0; i < batch.size(); i++) {
            for (PhysicalRange range : ram()) {
                if (range.contains(batch.address(i)) && batch.address(i) + batch.length(i) <= range.end()) {
                    int from = (int) (batch.address(i) - range.start()) + (range.start() == 0 ? 0 : bytes.length / 2);
                    System.arraycopy(bytes, from, batch.destination(i), batch.offset(i), batch.length(i));
                    batch.markRead(i);
                }
            }
        }
    }

    @Override
    public List<PhysicalRange> populated(PhysicalRange within) {
        return List.of(within);
    }

    @Override
    public Optional<VmControl> control() {
        return Optional.of(() -> {
            pauses++;
            return () -> pauses--;
        });
    }

    @Override
    public boolean isLive() {
        return pauses == 0;
    }

    @Override
    public void close() {
    }
}
