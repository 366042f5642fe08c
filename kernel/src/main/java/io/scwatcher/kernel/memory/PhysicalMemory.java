package io.scwatcher.kernel.memory;

import io.scwatcher.kernel.arch.PageTables;
import io.scwatcher.kernel.arch.PhysicalWords;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.ScatterRead;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Guest-physical memory during one epoch: cached lines, and the address spaces over them. Page tables have short lines of
 * their own, since a walk takes only a word or two of each table of a process.
 */
public final class PhysicalMemory implements PhysicalWords {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int TABLE_LINE_SHIFT = 6;
    /** At most a quarter of the heap. */
    private static final int MAX_LINES =
            (int) Math.clamp(Runtime.getRuntime().maxMemory() / 4 >>> PagedMemory.LINE_SHIFT, 1 << 12, 1 << 20);

    private final GuestMemory memory;
    private final LineCache lines;
    private final LineCache tableLines;

    public PhysicalMemory(GuestMemory memory) {
        this.memory = memory;
        this.lines = new LineCache(memory, PagedMemory.LINE_SHIFT, MAX_LINES);
        this.tableLines = new LineCache(memory, TABLE_LINE_SHIFT, MAX_LINES);
    }

    /** The virtual address space under a page-table root. */
    public VirtualMemory addressSpace(PageTables tables, long root) {
        return new PagedMemory(this, tables, root, PagedMemory.SMALL);
    }

    /** As {@link #addressSpace}, for the kernel's own space, which everything reads all the time. */
    public VirtualMemory kernelSpace(PageTables tables, long root) {
        return new PagedMemory(this, tables, root, PagedMemory.LARGE);
    }

    /** Guest-physical addresses as an address space of their own. */
    public VirtualMemory flat() {
        return new PagedMemory(this, Identity.TABLES, 0, PagedMemory.SMALL);
    }

    @Override
    public long u64(long physical) {
        byte[] line = tableLines.line(physical);
        return line == null ? 0 : word(line, physical);
    }

    /**
     * Reads a large run of virtual memory past the cache, in as few requests as its physical pieces allow.
     *
     * @return false if a part of it is not mapped to RAM; {@code destination} is then undefined
     */
    public boolean readUncached(VirtualMemory space, long virtual, byte[] destination, int length) {
        ScatterRead batch = new ScatterRead(64);
        long runStart = 0;
        int runOffset = 0;
        int runLength = 0;
        int done = 0;
        while (done < length) {
            long physical = space.physical(virtual + done);
            if (physical == PageTables.UNMAPPED) {
                return false;
            }
            int piece = (int) Math.min(length - done, 4096 - (virtual + done & 0xfff));
            if (runLength == 0 || physical != runStart + runLength) {
                if (runLength > 0) {
                    batch.add(runStart, destination, runOffset, runLength);
                }
                runStart = physical;
                runOffset = done;
                runLength = 0;
            }
            runLength += piece;
            done += piece;
        }
        if (runLength > 0) {
            batch.add(runStart, destination, runOffset, runLength);
        }
        memory.read(batch);
        for (int i = 0; i < batch.size(); i++) {
            if (!batch.isRead(i)) {
                return false;
            }
        }
        return true;
    }

    /** The aligned 64-bit word at an address whose line is given. */
    static long word(byte[] line, long physical) {
        return (long) LONG.get(line, (int) physical & line.length - Long.BYTES);
    }

    LineCache lines() {
        return lines;
    }

    LineCache tableLines() {
        return tableLines;
    }

    /** Translation that is none. */
    private enum Identity implements PageTables {
        TABLES;

        @Override
        public long translate(PhysicalWords memory, long root, long virtual) {
            return virtual;
        }

        @Override
        public int levels() {
            return 0;
        }
    }
}
