package io.scwatcher.memory.block;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Guest memory made of blocks: every source that runs on this host or lies in a file. */
public final class BlockMemory implements GuestMemory {
    private final String description;
    private final Block[] blocks;
    private final long[] starts;
    private final List<PhysicalRange> ram;
    private final Source source;

    /**
     * What a source of blocks can do beyond being read.
     *
     * @param control pausing, if the VM runs
     * @param live whether the memory can change now
     * @param vmcoreinfo the dump's note, if it has one
     * @param close frees what the blocks share
     */
    public record Source(
            Optional<VmControl> control, BooleanSupplier live, Optional<byte[]> vmcoreinfo, Runnable close) {
        /** A dump: it stands still. */
        public static Source dump(Optional<byte[]> vmcoreinfo, Runnable close) {
            return new Source(Optional.empty(), () -> false, vmcoreinfo, close);
        }
    }

    /** @param blocks in any order; where two overlap, the one that starts first is used */
    public BlockMemory(String description, List<Block> blocks, Source source) {
        this.description = description;
        this.blocks = disjoint(blocks).toArray(Block[]::new);
        this.source = source;
        starts = new long[this.blocks.length];
        List<PhysicalRange> merged = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            PhysicalRange range = this.blocks[i].range();
            starts[i] = range.start();
            append(merged, range.start(), range.length());
        }
        ram = List.copyOf(merged);
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public List<PhysicalRange> ram() {
        return ram;
    }

    @Override
    public Optional<VmControl> control() {
        return source.control();
    }

    @Override
    public boolean isLive() {
        return source.live().getAsBoolean();
    }

    @Override
    public Optional<byte[]> vmcoreinfo() {
        return source.vmcoreinfo().map(byte[]::clone);
    }

    @Override
    public void read(ScatterRead batch) {
        Pieces pieces = new Pieces();
        for (int i = 0; i < batch.size(); i++) {
            if (readEntry(batch.address(i), batch.destination(i), batch.offset(i), batch.length(i), pieces)) {
                batch.markRead(i);
            }
        }
        pieces.flush();
    }

    @Override
    public boolean read(long address, byte[] destination, int offset, int length) {
        return readEntry(address, destination, offset, length, null);
    }

    /** Reads at once, or only notes what is to be read where the backing does better with many pieces. */
    private boolean readEntry(long address, byte[] destination, int offset, int length, Pieces pieces) {
        int b = blockAt(address);
        if (b < 0 || !isRam(b, address, length)) {
            return false;
        }
        while (length > 0) {
            Block block = blocks[b++];
            int here = (int) Math.min(length, block.range().end() - address);
            if (pieces != null && block.backing().batches()) {
                pieces.add(block.backing(), block.offsetOf(address), destination, offset, here);
            } else {
                block.backing().read(block.offsetOf(address), destination, offset, here);
            }
            address += here;
            offset += here;
            length -= here;
        }
        return true;
    }

    private boolean isRam(int b, long address, long length) {
        long end = address + length;
        while (blocks[b].range().end() < end) {
            long next = blocks[b].range().end();
            if (++b == blocks.length || starts[b] != next) {
                return false;
            }
        }
        return true;
    }

    private int blockAt(long address) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (address < starts[middle]) {
                high = middle - 1;
            } else if (address >= blocks[middle].range().end()) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    @Override
    public List<PhysicalRange> populated(PhysicalRange within) {
        List<PhysicalRange> found = new ArrayList<>();
        for (Block block : blocks) {
            long start = Math.max(within.start(), block.range().start());
            long end = Math.min(within.end(), block.range().end());
            if (start < end) {
                long shift = block.range().start() - block.offset();
                block.backing().populated(block.offsetOf(start), end - start,
                        (offset, length) -> append(found, offset + shift, length));
            }
        }
        return found;
    }

    @Override
    public void close() {
        source.close().run();
    }

    private static List<Block> disjoint(List<Block> blocks) {
        List<Block> sorted = new ArrayList<>(blocks);
        sorted.sort(Comparator.<Block>comparingLong(b -> b.range().start())
                .thenComparing(b -> b.range().length(), Comparator.reverseOrder()));
        List<Block> result = new ArrayList<>();
        long end = 0;
        for (Block block : sorted) {
            long start = Math.max(end, block.range().start());
            if (start < block.range().end()) {
                end = block.range().end();
                result.add(new Block(new PhysicalRange(start, end - start), block.backing(), block.offsetOf(start)));
            }
        }
        return result;
    }

    private static void append(List<PhysicalRange> ranges, long start, long length) {
        if (!ranges.isEmpty() && ranges.getLast().end() == start) {
            PhysicalRange last = ranges.removeLast();
            ranges.add(new PhysicalRange(last.start(), last.length() + length));
        } else {
            ranges.add(new PhysicalRange(start, length));
        }
    }

    /** Pieces for one backing at a time. */
    private static final class Pieces {
        private Backing backing;
        private ScatterRead waiting;

        void add(Backing of, long offset, byte[] destination, int at, int length) {
            if (backing != of) {
                flush();
                backing = of;
                waiting = waiting == null ? new ScatterRead(16) : waiting;
            }
            waiting.add(offset, destination, at, length);
        }

        void flush() {
            if (waiting != null && waiting.size() > 0) {
                backing.read(waiting);
                waiting.clear();
            }
        }
    }
}
