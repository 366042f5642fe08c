package io.scwatcher.kernel.mm;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.memory.VirtualMemory;

/**
 * The page table of a user address space with all that its entries tell (x86-64; Intel SDM volume 3, chapter 4, and the
 * bits that Linux uses for itself, arch/x86/include/asm/pgtable_types.h).
 */
public final class PageTable {
    public static final int PAGE_SHIFT = 12;
    public static final long PAGE_SIZE = 1L << PAGE_SHIFT;
    private static final int BITS_PER_LEVEL = 9;
    /** A table that points to itself would take a walk for ages; a sane one has fewer tables than this. */
    private static final long SPARE_TABLES = 1 << 16;
    private static final long PAGES_FOR_EACH_TABLE = 64;
    private static final int ENTRIES = 1 << BITS_PER_LEVEL;
    private static final int FIVE_LEVEL_SHIFT = 48;
    private static final long PRESENT = 1;
    private static final long ACCESSED = 1 << 5;
    private static final long DIRTY = 1 << 6;
    private static final long HUGE = 1 << 7;
    private static final long PROTECTED_NONE = 1 << 8;
    private static final long SPECIAL = 1 << 9;
    private static final long SOFT_DIRTY = 1 << 11;
    private static final long SAVED_DIRTY = 1L << 58;
    private static final long FRAME = 0x000f_ffff_ffff_f000L;

    private final VirtualMemory physical;
    private final long root;
    private final int levels;
    private final boolean savesDirty;
    private final Kernel kernel;
    private long tablesLeft;

    /** An entry that maps something or remembers where it is. {@code size}: 4 KiB, 2 MiB or 1 GiB. */
    public record Entry(long address, long bits, long size, boolean savesDirty) {
        public boolean isPresent() {
            return (bits & (PRESENT | PROTECTED_NONE)) != 0;
        }

        public boolean isYoung() {
            return (bits & ACCESSED) != 0;
        }

        public boolean isDirty() {
            return (bits & (savesDirty ? DIRTY | SAVED_DIRTY : DIRTY)) != 0;
        }

        /** Not a page that is counted: the zero page, device memory. */
        public boolean isSpecial() {
            return (bits & SPECIAL) != 0;
        }

        public boolean isSoftDirty() {
            return (bits & (isPresent() ? SOFT_DIRTY : 1 << 1)) != 0;
        }

        /** Of a present entry: the guest-physical address. */
        public long physical() {
            return bits & FRAME & -size;
        }

        /** Of an absent entry: which swap area, {@code __swp_type}. */
        public int swapType() {
            return (int) (bits >>> 59);
        }

        /** Of an absent entry: the place in the swap area, {@code __swp_offset}. */
        public long swapOffset() {
            return ~bits << 5 >>> 14;
        }
    }

    /** Takes entries by ascending address. */
    @FunctionalInterface
    public interface Visitor {
        void visit(Entry entry);
    }

    public PageTable(Mm mm) {
        this.kernel = mm.kernel();
        this.tablesLeft = SPARE_TABLES + ramPages(kernel) / PAGES_FOR_EACH_TABLE;
        this.physical = kernel.physicalMemory();
        this.root = kernel.memory().physical(mm.get("pgd"));
        var shift = kernel.symbols().find("pgdir_shift");
        this.levels = shift.isPresent() && kernel.memory().u32(shift.getAsLong()) == FIVE_LEVEL_SHIFT ? 5 : 4;
        // 6.6 keeps what shadow stacks must not see as dirty in a bit of its own.
        this.savesDirty = kernel.types().struct("task_struct").has("thread.features");
        if (root < 0) {
            throw new MemoryFault(mm.get("pgd"));
        }
    }

    private static long ramPages(Kernel kernel) {
        return kernel.symbols().has("_totalram_pages") ? kernel.memory().u64(kernel.address("_totalram_pages")) : 0;
    }

    /** Visits every entry that is not empty between two addresses. */
    public void walk(long start, long end, Visitor visitor) {
        level(root, levels, 0, start, end, visitor);
    }

    private void level(long table, int level, long base, long start, long end, Visitor visitor) {
        if (--tablesLeft < 0) {
            if (tablesLeft == -1) {
                kernel.anomalies().record("a page table of more tables than RAM can hold: it runs in circles");
            }
            return;
        }
        int shift = PAGE_SHIFT + BITS_PER_LEVEL * (level - 1);
        byte[] bytes = new byte[ENTRIES * Long.BYTES];
        if (physical.readSome(table, bytes, 0, bytes.length) < bytes.length) {
            return;
        }
        int first = index(Math.max(start, base), shift, base);
        for (int i = first; i < ENTRIES; i++) {
            long address = base + ((long) i << shift);
            if (address >= end) {
                return;
            }
            long bits = word(bytes, i * Long.BYTES);
            if (bits == 0) {
                continue;
            }
            boolean leaf = level == 1 || (bits & HUGE) != 0 && level <= 3;
            if (leaf || (bits & PRESENT) == 0) {
                visitor.visit(new Entry(address, bits, 1L << shift, savesDirty));
            } else {
                level(bits & FRAME, level - 1, address, start, end, visitor);
            }
        }
    }

    private static int index(long address, int shift, long base) {
        return (int) Math.clamp(address - base >>> shift, 0, ENTRIES - 1);
    }

    private static long word(byte[] bytes, int at) {
        long word = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            word = word << 8 | bytes[at + i] & 0xff;
        }
        return word;
    }
}
