package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.PageFrames;
import io.scwatcher.kernel.mm.PageTable;
import io.scwatcher.kernel.mm.ProcessMemory;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.VfsException;

/** The files that are as long as the address space: /proc/PID/mem and /proc/PID/pagemap. */
final class MemoryFiles {
    private MemoryFiles() {}

    /** fs/proc/base.c {@code mem_rw}: positions are addresses; EIO where there is nothing. */
    record Mem(TaskView task, Attributes attributes) implements RegularFile {
        @Override
        public OpenFile open() {
            Mm mm = task.openMemory("mem_open");
            if (mm == null) {
                return (position, destination, offset, length) -> 0;
            }
            ProcessMemory memory = new ProcessMemory(mm);
            return (position, destination, offset, length) -> {
                int read = memory.read(position, destination, offset, length);
                if (read == 0 && length > 0) {
                    throw new VfsException(Errno.EIO);
                }
                return read;
            };
        }
    }

    /** fs/proc/task_mmu.c {@code pagemap_read}: 64 bits for each page, as root sees them. */
    record PageMap(TaskView task, Attributes attributes) implements RegularFile {
        private static final long PRESENT = 1L << 63;
        private static final long SWAPPED = 1L << 62;
        private static final long FILE = 1L << 61;
        private static final long EXCLUSIVE = 1L << 56;
        private static final long SOFT_DIRTY = 1L << 55;
        private static final int SWAP_TYPE_BITS = 5;
        private static final int MOST_AT_ONCE = 1 << 20;

        @Override
        public OpenFile open() {
            task.requireAlive();
            Mm mm = task.mm();
            if (mm == null) {
                return (position, destination, offset, length) -> 0;
            }
            PageTable table = new PageTable(mm);
            PageFrames frames = new PageFrames(task.kernel());
            long end = mm.get("task_size") >>> PageTable.PAGE_SHIFT;
            return (position, destination, offset, length) -> read(table, frames, end, position, destination, offset, length);
        }

        private static int read(PageTable table, PageFrames frames, long end, long position, byte[] destination,
                                int offset, int length) {
            if (position % Long.BYTES != 0 || length % Long.BYTES != 0) {
                throw new VfsException(Errno.EINVAL);
            }
            long first = position / Long.BYTES;
            int count = (int) Math.clamp(end - first, 0, Math.min(length / Long.BYTES, MOST_AT_ONCE));
            long[] words = new long[count];
            long start = first << PageTable.PAGE_SHIFT;
            table.walk(start, start + ((long) count << PageTable.PAGE_SHIFT), entry -> {
                long pages = entry.size() >>> PageTable.PAGE_SHIFT;
                for (long i = 0; i < pages; i++) {
                    long index = (entry.address() >>> PageTable.PAGE_SHIFT) + i - first;
                    if (index >= 0 && index < count) {
                        words[(int) index] = word(entry, i, frames);
                    }
                }
            });
            for (int i = 0; i < count * Long.BYTES; i++) {
                destination[offset + i] = (byte) (words[i / Long.BYTES] >>> i % Long.BYTES * 8);
            }
            return count * Long.BYTES;
        }

        private static long word(PageTable.Entry entry, long page, PageFrames frames) {
            long softDirty = entry.isSoftDirty() ? SOFT_DIRTY : 0;
            if (!entry.isPresent()) {
                return softDirty | SWAPPED | entry.swapType() | entry.swapOffset() << SWAP_TYPE_BITS;
            }
            long physical = entry.physical() + (page << PageTable.PAGE_SHIFT);
            long frame = physical >>> PageTable.PAGE_SHIFT;
            if (entry.isSpecial()) {
                return softDirty | PRESENT | frame;
            }
            PageFrames.Frame known = frames.at(physical);
            return softDirty | PRESENT | frame | (known.isAnonymous() ? 0 : FILE)
                    | (known.mappings() == 1 ? EXCLUSIVE : 0);
        }
    }
}
