package io.scwatcher.kernel.arch;

import io.scwatcher.kernel.arch.Architecture.ImagePlace;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds x86-64 kernel images by {@code level3_kernel_pgt} (arch/x86/kernel/head_64.S): a table whose last two entries
 * alone are in use, for the image and for the fixed mappings. The table behind the first of the two maps the image in
 * pieces of 2 MiB, physically contiguous.
 */
final class X86ImageSearch {
    private static final int PAGE = 4096;
    private static final int ENTRIES = PAGE / Long.BYTES;
    private static final int IMAGE_ENTRY = 510;
    private static final int TAIL = 2 * Long.BYTES;
    private static final int BATCH = 4096;
    private static final int MAX_FOUND = 64;
    private static final long FRAME = 0x000f_ffff_ffff_f000L;
    private static final int LARGE_SHIFT = 21;
    private static final int PRESENT = 1;
    private static final int ACCESSED = 1 << 5;
    private static final int LARGE = 1 << 7;
    /** Smaller kernels than 4 MiB do not exist. */
    private static final int MIN_PIECES = 2;

    private final GuestMemory memory;
    private final ScatterRead batch = new ScatterRead(BATCH);
    private final byte[] tails = new byte[BATCH * TAIL];
    private final List<ImagePlace> found = new ArrayList<>();

    X86ImageSearch(GuestMemory memory) {
        this.memory = memory;
    }

    List<ImagePlace> run() {
        for (PhysicalRange block : memory.ram()) {
            for (PhysicalRange range : memory.populated(block)) {
                for (long page = range.start() + PAGE - 1 & -PAGE; page <= range.end() - PAGE; page += PAGE) {
                    batch.add(page + PAGE - TAIL, tails, batch.size() * TAIL, TAIL);
                    if (batch.size() == BATCH) {
                        flush();
                    }
                }
            }
        }
        flush();
        return found;
    }

    private void flush() {
        memory.read(batch);
        for (int i = 0; i < batch.size() && found.size() < MAX_FOUND; i++) {
            if (batch.isRead(i) && isTable(u64(tails, i * TAIL)) && isTable(u64(tails, i * TAIL + 8))) {
                examine(batch.address(i) & -PAGE);
            }
        }
        batch.clear();
    }

    /** Present, accessed, not large, nothing in the ignored bits that the kernel never sets in such tables. */
    private static boolean isTable(long entry) {
        return (entry & (PRESENT | ACCESSED | LARGE)) == (PRESENT | ACCESSED) && entry >= 0 && (entry & FRAME) != 0;
    }

    private void examine(long page) {
        byte[] table = new byte[PAGE];
        if (!memory.read(page, table, 0, PAGE)) {
            return;
        }
        for (int i = 0; i < IMAGE_ENTRY; i++) {
            if (u64(table, i * 8) != 0) {
                return;
            }
        }
        byte[] pieces = new byte[PAGE];
        if (memory.read(u64(table, IMAGE_ENTRY * 8) & FRAME, pieces, 0, PAGE)) {
            addImage(pieces);
        }
    }

    private void addImage(byte[] pieces) {
        int first = -1;
        int contiguous = 0;
        long physical = 0;
        for (int i = 0; i < ENTRIES; i++) {
            long entry = u64(pieces, i * 8);
            if ((entry & (PRESENT | LARGE)) != (PRESENT | LARGE)) {
                continue;
            }
            long frame = entry & FRAME & -(1L << LARGE_SHIFT);
            if (first < 0) {
                first = i;
                physical = frame;
            }
            if (frame == physical + ((long) (i - first) << LARGE_SHIFT)) {
                contiguous++;
            }
        }
        if (contiguous >= MIN_PIECES) {
            long start = X86_64.START_KERNEL_MAP + ((long) first << LARGE_SHIFT);
            ImagePlace place = new ImagePlace(start, start - physical);
            if (!found.contains(place)) {
                found.add(place);
            }
        }
    }

    private static long u64(byte[] bytes, int at) {
        long value = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        return value;
    }
}
