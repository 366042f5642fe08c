package io.scwatcher.cpu.memory;

import java.util.Arrays;

/** The resident pages of an address space by page number (address divided by 4096), in chunks of {@value #CHUNK} neighbours. */
final class PageTable {
    static final int CHUNK = 64;
    private static final int SHIFT = 6;
    private static final int FREE = -1;

    /** What is done to each resident page. */
    interface Visitor {
        void visit(long pageNumber, PageTableEntry entry);
    }

    /** Open addressing with linear probing: {@code keys[i]}, a page number without its lower bits, belongs to {@code chunks[i]}. */
    private int[] keys;
    private PageTableEntry[][] chunks;
    private int used;
    private int resident;

    PageTable() {
        allocate(32);
    }

    private void allocate(int capacity) {
        keys = new int[capacity];
        Arrays.fill(keys, FREE);
        chunks = new PageTableEntry[capacity][];
        used = 0;
    }

    int resident() {
        return resident;
    }

    PageTableEntry get(long pageNumber) {
        PageTableEntry[] chunk = chunks[slot((int) (pageNumber >>> SHIFT))];
        return chunk == null ? null : chunk[(int) pageNumber & CHUNK - 1];
    }

    /** Where the key is, or the free place where it would be. */
    private int slot(int key) {
        int mask = keys.length - 1;
        int slot = (key ^ key >>> 12) * 0x9e3779b1 >>> 8 & mask;
        while (keys[slot] != key && keys[slot] != FREE) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    void put(long pageNumber, PageTableEntry entry) {
        PageTableEntry[] chunk = chunk((int) (pageNumber >>> SHIFT));
        int index = (int) pageNumber & CHUNK - 1;
        if (chunk[index] == null) {
            resident++;
        }
        chunk[index] = entry;
    }

    private PageTableEntry[] chunk(int key) {
        int slot = slot(key);
        if (chunks[slot] == null) {
            if (used * 2 >= keys.length) {
                rehash();
                slot = slot(key);
            }
            keys[slot] = key;
            chunks[slot] = new PageTableEntry[CHUNK];
            used++;
        }
        return chunks[slot];
    }

    /** Makes room; chunks that became empty are left behind. */
    private void rehash() {
        int[] oldKeys = keys;
        PageTableEntry[][] oldChunks = chunks;
        int live = 0;
        for (PageTableEntry[] chunk : oldChunks) {
            live += chunk == null || isEmpty(chunk) ? 0 : 1;
        }
        allocate(Math.max(32, Integer.highestOneBit(live + 1) * 4));
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldChunks[i] != null && !isEmpty(oldChunks[i])) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                chunks[slot] = oldChunks[i];
                used++;
            }
        }
    }

    private static boolean isEmpty(PageTableEntry[] chunk) {
        for (PageTableEntry entry : chunk) {
            if (entry != null) {
                return false;
            }
        }
        return true;
    }

    PageTableEntry remove(long pageNumber) {
        PageTableEntry[] chunk = chunks[slot((int) (pageNumber >>> SHIFT))];
        int index = (int) pageNumber & CHUNK - 1;
        PageTableEntry entry = chunk == null ? null : chunk[index];
        if (entry != null) {
            chunk[index] = null;
            resident--;
        }
        return entry;
    }

    /** Visits the resident pages in [from, to), in no particular order; the visitor may put pages elsewhere and remove the one it sees. */
    void forEach(long from, long to, Visitor visitor) {
        if ((to - 1 >>> SHIFT) - (from >>> SHIFT) <= used) {
            for (long key = from >>> SHIFT; key <= to - 1 >>> SHIFT; key++) {
                visit((int) key, chunks[slot((int) key)], from, to, visitor);
            }
        } else {
            int[] theKeys = keys;
            PageTableEntry[][] theChunks = chunks;
            for (int i = 0; i < theKeys.length; i++) {
                visit(theKeys[i], theChunks[i], from, to, visitor);
            }
        }
    }

    private static void visit(int key, PageTableEntry[] chunk, long from, long to, Visitor visitor) {
        long base = (long) key << SHIFT;
        if (chunk == null || base >= to || base + CHUNK <= from) {
            return;
        }
        for (int i = (int) Math.max(0, from - base); i < Math.min(CHUNK, to - base); i++) {
            if (chunk[i] != null) {
                visitor.visit(base + i, chunk[i]);
            }
        }
    }
}
