package io.scwatcher.memory.block;

import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.host.Posix;
import io.scwatcher.memory.host.ProcessCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongPredicate;

/**
 * A mapping of another process as a backing; offset 0 is the start of the mapping. Few bytes are read through
 * {@code /proc/PID/mem} (1.2 us a call), many pieces through process_vm_readv (0.6 us a page in batches of 1,024).
 * A page that {@code /proc/PID/pagemap} shows neither present nor swapped is not touched.
 */
public final class ProcessMemory extends SparseBacking {
    private static final int FEW_PIECES = 3;
    private static final int PAGEMAP_CHUNK = 512;
    private static final long PRESENT_OR_SWAPPED = 3L << 62;
    private static final ThreadLocal<Staging> STAGING = ThreadLocal.withInitial(Staging::new);

    private final OpenProcess process;
    private final long start;
    private final long size;
    private final LongPredicate contentBehind;

    /**
     * @param start host-virtual address of the mapping
     * @param contentBehind whether a page (by its offset) that the process has not touched has content all the same:
     *     never in anonymous memory, where the file has data in a private mapping of one
     */
    public ProcessMemory(OpenProcess process, long start, long size, LongPredicate contentBehind) {
        super(size);
        this.process = process;
        this.start = start;
        this.size = size;
        this.contentBehind = contentBehind;
    }

    @Override
    boolean readTouched(long offset, byte[] destination, int at, int length) {
        while (length > 0) {
            long got = ProcessCalls.pread(process.memory(), start + offset, destination, at, length);
            if (got == 0) {
                throw process.gone();
            }
            if (got < 0 && got != -Posix.EINTR) {
                // The page is there but not to be read, as one that the host lost to a hardware error.
                return false;
            }
            int done = (int) Math.max(0, got);
            offset += done;
            at += done;
            length -= done;
        }
        return true;
    }

    @Override
    public boolean batches() {
        return true;
    }

    @Override
    public void read(ScatterRead pieces) {
        if (pieces.size() <= FEW_PIECES) {
            super.read(pieces);
            return;
        }
        Staging staging = STAGING.get();
        ScatterRead runs = new ScatterRead(pieces.size());
        int[] ends = new int[pieces.size()];
        for (int i = 0; i < ends.length; i++) {
            read(pieces.address(i), pieces.destination(i), pieces.offset(i), pieces.length(i),
                    (offset, destination, at, length) -> {
                        runs.add(offset, destination, at, length);
                        return true;
                    });
            ends[i] = runs.size();
        }
        for (int from = 0; from < runs.size();) {
            from = staging.read(this, runs, from);
        }
        process.check();
        for (int i = 0, run = 0; i < ends.length; i++) {
            boolean all = true;
            for (; run < ends[i]; run++) {
                all &= runs.isRead(run);
            }
            if (all) {
                pieces.markRead(i);
            }
        }
    }

    /** A thread's buffers for process_vm_readv. */
    private static final class Staging {
        private static final int BYTES = 1 << 20;
        private final MemorySegment buffer = Arena.ofAuto().allocate(BYTES, PageSet.PAGE);
        private final MemorySegment local = Arena.ofAuto().allocate(16, 8);
        private final MemorySegment remote = Arena.ofAuto().allocate(16L * ProcessCalls.MAX_RANGES, 8);

        /** Reads as many runs as fit, at least one. @return the first that is not done */
        int read(ProcessMemory memory, ScatterRead runs, int from) {
            int to = from;
            int total = 0;
            int ranges = 0;
            long end = -1;
            while (to < runs.size() && to - from < ProcessCalls.MAX_RANGES && runs.length(to) <= BYTES - total) {
                long address = memory.start + runs.address(to);
                int length = runs.length(to++);
                total += length;
                if (address == end) {
                    long slot = 16L * (ranges - 1) + 8;
                    remote.set(ValueLayout.JAVA_LONG, slot, remote.get(ValueLayout.JAVA_LONG, slot) + length);
                } else {
                    remote.set(ValueLayout.JAVA_LONG, 16L * ranges, address);
                    remote.set(ValueLayout.JAVA_LONG, 16L * ranges++ + 8, length);
                }
                end = address + length;
            }
            long got = 0;
            if (total > 0) {
                local.set(ValueLayout.JAVA_LONG, 0, buffer.address());
                local.set(ValueLayout.JAVA_LONG, 8, total);
                got = Math.max(0, ProcessCalls.processVmReadv(memory.process.pid(), local, remote, ranges));
            }
            return deliver(memory, runs, from, to, got);
        }

        private int deliver(ProcessMemory memory, ScatterRead runs, int from, int to, long got) {
            long at = 0;
            while (from < to && at + runs.length(from) <= got) {
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, at,
                        runs.destination(from), runs.offset(from), runs.length(from));
                at += runs.length(from);
                runs.markRead(from++);
            }
            if (from < to || at == 0) {
                // What is too big for the buffer, or stopped the call, goes alone.
                if (memory.readTouched(
                        runs.address(from), runs.destination(from), runs.offset(from), runs.length(from))) {
                    runs.markRead(from);
                }
                from++;
            }
            return from;
        }
    }

    @Override
    long look(long page, long end) {
        long chunk = page & -((long) PAGEMAP_CHUNK << PageSet.SHIFT);
        long[] entries = pagemap(chunk);
        long next = chunk + ((long) entries.length << PageSet.SHIFT);
        for (int i = entries.length - 1; i >= 0; i--) {
            long at = chunk + ((long) i << PageSet.SHIFT);
            if (hasContent(entries[i], at)) {
                noteTouched(at, at + PageSet.PAGE);
                next = at >= page ? at : next;
            }
        }
        return next;
    }

    private boolean hasContent(long entry, long offset) {
        return (entry & PRESENT_OR_SWAPPED) != 0 || contentBehind.test(offset);
    }

    /** The pagemap entries from {@code offset} on, a chunk of them or up to the end of the mapping. */
    private long[] pagemap(long offset) {
        long pages = Math.min(PAGEMAP_CHUNK, size - offset + PageSet.PAGE - 1 >>> PageSet.SHIFT);
        long[] entries = new long[(int) pages];
        long got = ProcessCalls.pread(
                process.pagemap(), start + offset >>> PageSet.SHIFT << 3, MemorySegment.ofArray(entries));
        if (got < pages * 8) {
            throw process.gone();
        }
        return entries;
    }

    @Override
    public void populated(long offset, long length, Extents found) {
        long end = offset + length;
        long from = -1;
        for (long chunk = offset & -PageSet.PAGE; chunk < end; chunk += (long) PAGEMAP_CHUNK << PageSet.SHIFT) {
            long[] entries = pagemap(chunk);
            for (int i = 0; i < entries.length; i++) {
                long at = chunk + ((long) i << PageSet.SHIFT);
                if (at < end && hasContent(entries[i], at)) {
                    from = from < 0 ? Math.max(at, offset) : from;
                } else if (from >= 0) {
                    found.add(from, Math.min(at, end) - from);
                    from = -1;
                }
            }
        }
        if (from >= 0) {
            found.add(from, end - from);
        }
    }

    /** The process is shared by its mappings and closed by who opened it. */
    @Override
    public void close() {}
}
