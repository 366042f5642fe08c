package io.scwatcher.kernel.arch;

import io.scwatcher.kernel.memory.SyntheticRam;
import java.util.HashMap;
import java.util.Map;

/** Lays x86-64 page tables into synthetic memory. */
public final class X86TableBuilder {
    private static final long TABLE_FLAGS = 0x63;
    private static final long HUGE = 0x80;

    private final SyntheticRam ram;
    private final int levels;
    private final long root;
    private long nextTable;
    private final Map<Long, Long> words = new HashMap<>();

    /**
     * @param tables where tables may be put, page after page; the first is the root
     */
    public X86TableBuilder(SyntheticRam ram, int levels, long tables) {
        this.ram = ram;
        this.levels = levels;
        this.root = tables;
        this.nextTable = tables + 4096;
    }

    public long root() {
        return root;
    }

    public PageTables tables() {
        return new X86PageTables(levels, 0);
    }

    /**
     * @param size 4 KiB, 2 MiB or 1 GiB
     */
    public void map(long virtual, long physical, long size) {
        int leafShift = Long.numberOfTrailingZeros(size);
        entry(virtual, leafShift, physical | TABLE_FLAGS | (leafShift > 12 ? HUGE : 0));
    }

    /** Puts any value where the walk for {@code virtual} ends, at the level that covers {@code 1 << leafShift} bytes. */
    public void entry(long virtual, int leafShift, long value) {
        long table = root;
        for (int shift = 12 + 9 * (levels - 1); shift > leafShift; shift -= 9) {
            long at = table + 8 * (virtual >>> shift & 0x1ff);
            long next = words.getOrDefault(at, 0L);
            if (next == 0) {
                next = nextTable;
                nextTable += 4096;
                write(at, next | TABLE_FLAGS);
                words.put(at, next);
            }
            table = next;
        }
        write(table + 8 * (virtual >>> leafShift & 0x1ff), value);
    }

    /** Makes an existing table that of the level below the root (or deeper) for an address. */
    public void adopt(long virtual, int shift, long table) {
        entry(virtual, shift, table | TABLE_FLAGS);
    }

    private void write(long at, long value) {
        ram.putU64(at, value);
    }
}
