package io.scwatcher.kernel.memory;

import io.scwatcher.kernel.arch.PageTables;
import io.scwatcher.kernel.arch.PhysicalWords;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A virtual address space over cached lines of memory. Translations are remembered in a direct-mapped table of immutable entries,
 * so that a read of a known line takes no lock and no walk.
 */
final class PagedMemory implements VirtualMemory {
    /** Translation entries for the kernel's address space, and for a process's. */
    static final int LARGE = 1 << 13;

    static final int SMALL = 1 << 5;

    /** No longer than a page. */
    static final int LINE_SHIFT = 12;
    private static final int LINE = 1 << LINE_SHIFT;
    private static final int OFFSET = LINE - 1;
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final PhysicalMemory physical;
    private final PageTables tables;
    private final long root;
    private final Translation[] translations;

    /**
     * One remembered translation; final fields make it safe to hand over by a plain store.
     *
     * @param line virtual address by the length of a line
     * @param physical where the line starts
     */
    private record Translation(long line, long physical, byte[] bytes) {}

    PagedMemory(PhysicalMemory physical, PageTables tables, long root, int entries) {
        this.physical = physical;
        this.tables = tables;
        this.root = root;
        this.translations = new Translation[entries];
    }

    @Override
    public int u8(long address) {
        return line(address)[(int) address & OFFSET] & 0xff;
    }

    @Override
    public int u16(long address) {
        int offset = (int) address & OFFSET;
        if (offset > LINE - Short.BYTES) {
            return u8(address) | u8(address + 1) << 8;
        }
        return (short) SHORT.get(line(address), offset) & 0xffff;
    }

    @Override
    public long u32(long address) {
        int offset = (int) address & OFFSET;
        if (offset > LINE - Integer.BYTES) {
            return u16(address) | (long) u16(address + 2) << 16;
        }
        return (int) INT.get(line(address), offset) & 0xffff_ffffL;
    }

    @Override
    public long u64(long address) {
        int offset = (int) address & OFFSET;
        if (offset > LINE - Long.BYTES) {
            return u32(address) | u32(address + 4) << 32;
        }
        return (long) LONG.get(line(address), offset);
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
            int piece = Math.min(length - done, LINE - within);
            System.arraycopy(translation.bytes, within, destination, offset + done, piece);
            done += piece;
        }
        return done;
    }

    @Override
    public String string(long address, int limit) {
        StringBuilder earlierLines = null;
        int left = Math.max(limit, 0);
        for (long at = address; ; ) {
            byte[] bytes = line(at);
            int start = (int) at & OFFSET;
            int end = Math.min(LINE, start + left);
            int stop = start;
            while (stop < end && bytes[stop] != 0) {
                stop++;
            }
            String piece = new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
            left -= stop - start;
            if (stop < end || left == 0) {
                return earlierLines == null ? piece : earlierLines.append(piece).toString();
            }
            earlierLines = (earlierLines == null ? new StringBuilder() : earlierLines).append(piece);
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
        return translation == null ? PageTables.UNMAPPED : translation.physical | address & OFFSET;
    }

    @Override
    public void prefetch(long[] addresses, int count) {
        Missing tableLines = new Missing(physical.tableLines(), count);
        Missing lines = new Missing(physical.lines(), count);
        // Each round reaches at least one table level deeper.
        for (int round = 0; round <= tables.levels() + 1; round++) {
            for (int i = 0; i < count; i++) {
                PartialWalk walk = new PartialWalk(tableLines);
                long target = tables.translate(walk, root, addresses[i]);
                if (!walk.stopped && target != PageTables.UNMAPPED) {
                    lines.need(target);
                }
            }
            if (tableLines.isEmpty() && lines.isEmpty()) {
                return;
            }
            tableLines.load();
            lines.load();
        }
    }

    private byte[] line(long address) {
        Translation translation = find(address);
        if (translation == null) {
            throw new MemoryFault(address);
        }
        return translation.bytes;
    }

    private Translation find(long address) {
        long line = address >>> LINE_SHIFT;
        Translation known = translations[slot(line)];
        return known != null && known.line == line ? known : walk(address);
    }

    private Translation walk(long address) {
        long target = tables.translate(physical, root, address);
        if (target == PageTables.UNMAPPED) {
            return null;
        }
        byte[] bytes = physical.lines().line(target);
        if (bytes == null) {
            return null;
        }
        long line = address >>> LINE_SHIFT;
        Translation found = new Translation(line, target & -LINE, bytes);
        translations[slot(line)] = found;
        return found;
    }

    private int slot(long line) {
        return (int) (line ^ line >>> 13) & translations.length - 1;
    }

    /** The lines that a cache lacks. */
    private static final class Missing {
        private final LineCache cache;
        private final long[] addresses;
        private int count;

        Missing(LineCache cache, int most) {
            this.cache = cache;
            this.addresses = new long[most];
        }

        boolean isEmpty() {
            return count == 0;
        }

        /** @return whether the line is missing */
        boolean need(long address) {
            if (cache.isCached(address)) {
                return false;
            }
            addresses[count++] = address;
            return true;
        }

        void load() {
            cache.load(addresses, count);
            count = 0;
        }
    }

    /** A walk that sees only cached lines and stops at the first that is missing. */
    private static final class PartialWalk implements PhysicalWords {
        private final Missing tableLines;
        private boolean stopped;

        PartialWalk(Missing tableLines) {
            this.tableLines = tableLines;
        }

        @Override
        public long u64(long address) {
            if (stopped || tableLines.need(address)) {
                stopped = true;
                return 0;
            }
            byte[] line = tableLines.cache.line(address);
            return line == null ? 0 : PhysicalMemory.word(line, address);
        }
    }
}
