package io.scwatcher.kernel.memory;

import io.scwatcher.kernel.arch.PageTables;
import io.scwatcher.kernel.arch.PhysicalWords;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A virtual address space over cached frames. Translations are remembered in a direct-mapped table of immutable entries,
 * so that a read of a known page takes no lock and no walk.
 */
final class PagedMemory implements VirtualMemory {
    /** Translation entries for the kernel's address space, and for a process's. */
    static final int LARGE = 1 << 13;

    static final int SMALL = 1 << 5;

    private static final int PAGE = FrameCache.FRAME_SIZE;
    private static final int OFFSET = PAGE - 1;
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final PhysicalMemory physical;
    private final PageTables tables;
    private final long root;
    private final Translation[] translations;

    /** One remembered translation; final fields make it safe to hand over by a plain store. */
    private record Translation(long page, long frame, byte[] bytes) {}

    PagedMemory(PhysicalMemory physical, PageTables tables, long root, int entries) {
        this.physical = physical;
        this.tables = tables;
        this.root = root;
        this.translations = new Translation[entries];
    }

    @Override
    public int u8(long address) {
        return page(address)[(int) address & OFFSET] & 0xff;
    }

    @Override
    public int u16(long address) {
        int offset = (int) address & OFFSET;
        if (offset > PAGE - Short.BYTES) {
            return u8(address) | u8(address + 1) << 8;
        }
        return (short) SHORT.get(page(address), offset) & 0xffff;
    }

    @Override
    public long u32(long address) {
        int offset = (int) address & OFFSET;
        if (offset > PAGE - Integer.BYTES) {
            return u16(address) | (long) u16(address + 2) << 16;
        }
        return (int) INT.get(page(address), offset) & 0xffff_ffffL;
    }

    @Override
    public long u64(long address) {
        int offset = (int) address & OFFSET;
        if (offset > PAGE - Long.BYTES) {
            return u32(address) | u32(address + 4) << 32;
        }
        return (long) LONG.get(page(address), offset);
    }

    @Override
    public void read(long address, byte[] destination, int offset, int length) {
        int done = readSome(address, destination, offset, length);
        if (done < length) {
            throw new MemoryFault(address + done);
        }
    }

    @Override
    public int readSome(long address, byte[] destination, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, destination.length);
        int done = 0;
        while (done < length) {
            Translation translation = find(address + done);
            if (translation == null) {
                break;
            }
            int within = (int) (address + done) & OFFSET;
            int piece = Math.min(length - done, PAGE - within);
            System.arraycopy(translation.bytes, within, destination, offset + done, piece);
            done += piece;
        }
        return done;
    }

    @Override
    public String string(long address, int limit) {
        StringBuilder earlierPages = null;
        int left = Math.max(limit, 0);
        for (long at = address; ; ) {
            byte[] page = page(at);
            int start = (int) at & OFFSET;
            int end = Math.min(PAGE, start + left);
            int stop = start;
            while (stop < end && page[stop] != 0) {
                stop++;
            }
            String piece = new String(page, start, stop - start, StandardCharsets.ISO_8859_1);
            left -= stop - start;
            if (stop < end || left == 0) {
                return earlierPages == null ? piece : earlierPages.append(piece).toString();
            }
            earlierPages = (earlierPages == null ? new StringBuilder() : earlierPages).append(piece);
            at += stop - start;
        }
    }

    @Override
    public boolean isMapped(long address) {
        return find(address) != null;
    }

    @Override
    public long physical(long address) {
        Translation translation = find(address);
        return translation == null ? PageTables.UNMAPPED : translation.frame << 12 | address & OFFSET;
    }

    @Override
    public void prefetch(long[] addresses, int count) {
        FrameCache frames = physical.frames();
        MissingFrames missing = new MissingFrames(frames, count);
        // Each round reaches at least one table level deeper.
        for (int round = 0; round <= tables.levels() + 1; round++) {
            missing.clear();
            for (int i = 0; i < count; i++) {
                missing.beginWalk();
                long target = tables.translate(missing, root, addresses[i]);
                missing.endWalk(target);
            }
            if (missing.isEmpty()) {
                return;
            }
            missing.load();
        }
    }

    private byte[] page(long address) {
        Translation translation = find(address);
        if (translation == null) {
            throw new MemoryFault(address);
        }
        return translation.bytes;
    }

    private Translation find(long address) {
        long page = address >>> 12;
        Translation known = translations[slot(page)];
        return known != null && known.page == page ? known : walk(address);
    }

    private Translation walk(long address) {
        long target = tables.translate(physical, root, address);
        if (target == PageTables.UNMAPPED) {
            return null;
        }
        byte[] bytes = physical.frames().frame(target >>> 12);
        if (bytes == null) {
            return null;
        }
        long page = address >>> 12;
        Translation found = new Translation(page, target >>> 12, bytes);
        translations[slot(page)] = found;
        return found;
    }

    private int slot(long page) {
        return (int) (page ^ page >>> 13) & translations.length - 1;
    }

    /** Walks that see only cached frames, and collect the first frame that each lacks. */
    private static final class MissingFrames implements PhysicalWords {
        private final FrameCache frames;
        private final long[] numbers;
        private int count;
        private boolean stopped;

        MissingFrames(FrameCache frames, int walks) {
            this.frames = frames;
            this.numbers = new long[walks];
        }

        void clear() {
            count = 0;
        }

        boolean isEmpty() {
            return count == 0;
        }

        void beginWalk() {
            stopped = false;
        }

        void endWalk(long target) {
            if (!stopped && target != PageTables.UNMAPPED) {
                need(target >>> 12);
            }
        }

        void load() {
            frames.load(numbers, count);
        }

        @Override
        public long u64(long physical) {
            if (stopped || need(physical >>> 12)) {
                return 0;
            }
            byte[] frame = frames.frame(physical >>> 12);
            return frame == null ? 0 : (long) LONG.get(frame, (int) physical & 0xff8);
        }

        private boolean need(long number) {
            if (frames.isCached(number)) {
                return false;
            }
            stopped = true;
            if (count == 0 || numbers[count - 1] != number) {
                numbers[count++] = number;
            }
            return true;
        }
    }
}
