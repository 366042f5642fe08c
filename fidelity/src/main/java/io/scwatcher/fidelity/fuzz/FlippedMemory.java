package io.scwatcher.fidelity.fuzz;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Guest memory with some words changed. Closing it leaves the memory behind it open. */
final class FlippedMemory implements GuestMemory {
    private final GuestMemory base;
    private final TreeMap<Long, Long> words = new TreeMap<>();

    /**
     * @param words the changed 64-bit words by guest-physical address, a multiple of eight
     */
    FlippedMemory(GuestMemory base, Map<Long, Long> words) {
        this.base = base;
        this.words.putAll(words);
    }

    @Override
    public void read(ScatterRead batch) {
        base.read(batch);
        for (int entry = 0; entry < batch.size(); entry++) {
            if (batch.isRead(entry)) {
                patch(batch.address(entry), batch.destination(entry), batch.offset(entry), batch.length(entry));
            }
        }
    }

    private void patch(long start, byte[] destination, int offset, int length) {
        for (Map.Entry<Long, Long> word : words.subMap(start & ~7L, start + length).entrySet()) {
            for (int i = 0; i < Long.BYTES; i++) {
                long place = word.getKey() + i - start;
                if (place >= 0 && place < length) {
                    destination[offset + (int) place] = (byte) (word.getValue() >>> 8 * i);
                }
            }
        }
    }

    @Override
    public List<PhysicalRange> populated(PhysicalRange within) {
        List<PhysicalRange> ranges = new ArrayList<>(base.populated(within));
        for (long address : words.subMap(within.start(), within.end()).keySet()) {
            long page = address & -4096L;
            if (ranges.stream().noneMatch(range -> range.contains(address))) {
                ranges.add(new PhysicalRange(page, 4096));
            }
        }
        ranges.sort(Comparator.comparingLong(PhysicalRange::start));
        return ranges;
    }

    @Override
    public String description() {
        return base.description() + " with " + words.size() + " changed words";
    }

    @Override
    public List<PhysicalRange> ram() {
        return base.ram();
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
