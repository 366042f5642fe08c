package io.scwatcher.kernel.memory;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Guest-physical memory for tests: pages exist when they are written, all of the declared RAM reads as zeros. */
public final class SyntheticRam implements GuestMemory {
    private static final int PAGE = 4096;

    private final List<PhysicalRange> ram;
    private final TreeMap<Long, byte[]> pages = new TreeMap<>();
    private int requests;

    public SyntheticRam(PhysicalRange... ram) {
        this.ram = List.of(ram);
    }

    /** From 0 on. */
    public static SyntheticRam ofMebibytes(int mebibytes) {
        return new SyntheticRam(new PhysicalRange(0, (long) mebibytes << 20));
    }

    public void put(long physical, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            long at = physical + i;
            pages.computeIfAbsent(at / PAGE, n -> new byte[PAGE])[(int) (at % PAGE)] = bytes[i];
        }
    }

    public void putU64(long physical, long value) {
        put(physical, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    public void flip(long physical, int bit) {
        pages.computeIfAbsent(physical / PAGE, n -> new byte[PAGE])[(int) (physical % PAGE)] ^= (byte) (1 << bit);
    }

    /** The numbers of the pages that were written. */
    public List<Long> written() {
        return List.copyOf(pages.keySet());
    }

    /** How often somebody asked. */
    public int requests() {
        return requests;
    }

    @Override
    public String description() {
        return "synthetic memory";
    }

    @Override
    public List<PhysicalRange> ram() {
        return ram;
    }

    @Override
    public synchronized void read(ScatterRead batch) {
        requests++;
        for (int i = 0; i < batch.size(); i++) {
            if (copy(batch.address(i), batch.destination(i), batch.offset(i), batch.length(i))) {
                batch.markRead(i);
            }
        }
    }

    private boolean copy(long address, byte[] destination, int offset, int length) {
        if (ram.stream().noneMatch(r -> r.contains(address) && address + length <= r.end())) {
            return false;
        }
        for (int done = 0; done < length; ) {
            int within = (int) ((address + done) % PAGE);
            int piece = Math.min(length - done, PAGE - within);
            byte[] page = pages.get((address + done) / PAGE);
            if (page == null) {
                java.util.Arrays.fill(destination, offset + done, offset + done + piece, (byte) 0);
            } else {
                System.arraycopy(page, within, destination, offset + done, piece);
            }
            done += piece;
        }
        return true;
    }

    @Override
    public synchronized List<PhysicalRange> populated(PhysicalRange within) {
        List<PhysicalRange> found = new ArrayList<>();
        for (long page : pages.keySet()) {
            if (within.contains(page * PAGE)) {
                found.add(new PhysicalRange(page * PAGE, PAGE));
            }
        }
        return found;
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
