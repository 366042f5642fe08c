package io.scwatcher.memory.block;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Guest memory made of blocks: every source that runs on this host or lies in a file. */
public final class BlockMemory implements GuestMemory {
    private final String description;
    private final Block[] blocks;
    private final long[] starts;
    private final List<PhysicalRange> ram;
    private final Source source;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What a source of blocks can do beyond being read.
     *
     * @param control pausing, if the VM runs
     * @param live whether the memory can change now
     * @param check throws if the VM is gone
     * @param vmcoreinfo the dump's note, if it has one
     * @param close frees what the blocks share
     */
    public record Source(
            Optional<VmControl> control, BooleanSupplier live, Runnable check, Optional<byte[]> vmcoreinfo, Runnable close) {
        /** A dump: it stands still. */
        public static Source dump(Optional<byte[]> vmcoreinfo, Runnable close) {
            return new Source(Optional.empty(), () -> false, () -> {}, vmcoreinfo, close);
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
    public void check() {
        source.check().run();
    }

    @Override
    public Optional<byte[]> vmcoreinfo() {
        return source.vmcoreinfo().map(byte[]::clone);
    }

    @Override
    public void read(ScatterRead batch) {
        Pieces pieces = new Pieces();
        try {
            for (int i = 0; i < batch.size(); i++) {
                pieces.entry = i;
                if (readEntry(batch.address(i), batch.destination(i), batch.offset(i), batch.length(i), pieces)) {
                    batch.markRead(i);
                }
            }
            pieces.finish(batch);
        } catch (InternalError e) {
            throw becameShorter(e);
        }
    }

    @Override
    public boolean read(long address, byte[] destination, int offset, int length) {
        try {
            return readEntry(address, destination, offset, length, null);
        } catch (InternalError e) {
            throw becameShorter(e);
        }
    }

    /** A mapped file lost its end. The JVM's answer to SIGBUS arrives late, when some method on the way returns. */
    private GuestMemoryException becameShorter(InternalError e) {
        return new GuestMemoryException("%s became shorter while it was read; open it again".formatted(description), e);
    }

    /**
     * Reads at once, or only notes what is to be read where the backing does better with many pieces.
     *
     * @return false if the entry cannot be read or, with a batching backing, is not read yet
     */
    private boolean readEntry(long address, byte[] destination, int offset, int length, Pieces pieces) {
        int b = blockAt(address);
        if (b < 0 || !isRam(b, address, length)) {
            return false;
        }
        boolean read = true;
        while (length > 0) {
            Block block = blocks[b++];
            int here = (int) Math.min(length, block.range().end() - address);
            if (pieces != null && block.backing().batches()) {
                pieces.add(block.backing(), block.offsetOf(address), destination, offset, here);
                read = false;
            } else {
                read &= block.backing().read(block.offsetOf(address), destination, offset, here);
            }
            address += here;
            offset += here;
            length -= here;
        }
        return read;
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
        if (closed.compareAndSet(false, true)) {
            source.close().run();
        }
    }

    private static List<Block> disjoint(List<Block> blocks) {
        List<Block> sorted = new ArrayList<>(blocks);
        sorted.sort((a, b) -> a.range().start() != b.range().start() ? Long.compare(a.range().start(), b.range().start())
                : Long.compare(b.range().length(), a.range().length()));
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

    /** What batching backings still have to read. */
    private static final class Pieces {
        private record Waiting(Backing backing, ScatterRead reads, List<Integer> entries) {}

        private final List<Waiting> waiting = new ArrayList<>(1);
        private int entry;

        void add(Backing backing, long offset, byte[] destination, int at, int length) {
            for (Waiting each : waiting) {
                if (each.backing == backing) {
                    each.reads.add(offset, destination, at, length);
                    each.entries.add(entry);
                    return;
                }
            }
            waiting.add(new Waiting(backing, new ScatterRead(16), new ArrayList<>()));
            add(backing, offset, destination, at, length);
        }

        /** An entry of the batch is read when all its pieces are. */
        void finish(ScatterRead batch) {
            BitSet failed = new BitSet();
            for (Waiting each : waiting) {
                each.backing.read(each.reads);
                for (int i = 0; i < each.reads.size(); i++) {
                    if (!each.reads.isRead(i)) {
                        failed.set(each.entries.get(i));
                    }
                }
            }
            for (Waiting each : waiting) {
                for (int read : each.entries) {
                    if (!failed.get(read)) {
                        batch.markRead(read);
                    }
                }
            }
        }
    }
}
