package io.scwatcher.fidelity.fuzz;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Guest memory that notes which page frames are read. Closing it leaves the memory behind it open. */
final class RecordingMemory implements GuestMemory {
    private final GuestMemory base;
    private final Set<Long> frames = ConcurrentHashMap.newKeySet();

    RecordingMemory(GuestMemory base) {
        this.base = base;
    }

    /** The addresses of the frames read so far, ascending. */
    long[] frames() {
        return frames.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    @Override
    public void read(ScatterRead batch) {
        base.read(batch);
        for (int entry = 0; entry < batch.size(); entry++) {
            if (batch.isRead(entry)) {
                long end = batch.address(entry) + batch.length(entry);
                for (long frame = batch.address(entry) & -4096L; frame < end; frame += 4096) {
                    frames.add(frame);
                }
            }
        }
    }

    @Override
    public String description() {
        return base.description();
    }

    @Override
    public List<PhysicalRange> ram() {
        return base.ram();
    }

    @Override
    public List<PhysicalRange> populated(PhysicalRange within) {
        return base.populated(within);
    }

    @Override
    public Optional<VmControl> control() {
        return Optional.empty();
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public void close() {}
}
