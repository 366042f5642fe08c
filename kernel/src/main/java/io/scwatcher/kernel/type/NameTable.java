package io.scwatcher.kernel.type;

/**
 * Remembers what was found by name. Made for names that are literals in the code, asked for again and again: such a lookup
 * compares one reference. Safe for several threads, without locks for lookups; what is put while another thread looks may
 * not be seen by it yet, so values are such that finding them twice does no harm.
 */
public final class NameTable<V> {
    private static final int FIRST_CAPACITY = 16;

    private Entry<V>[] entries = empty(FIRST_CAPACITY);
    private int used;

    /** Final fields, so that an entry can be handed over by a plain store. */
    private record Entry<V>(String name, V value) {
        boolean isOf(String asked) {
            return name == asked || name.equals(asked);
        }
    }

    /** The value put under that name, or null. */
    public V get(String name) {
        Entry<V>[] table = entries;
        for (int slot = slot(name, table); ; slot = slot + 1 & table.length - 1) {
            Entry<V> entry = table[slot];
            if (entry == null) {
                return null;
            }
            if (entry.isOf(name)) {
                return entry.value;
            }
        }
    }

    /** Remembers a value. Of several put under one name the first stays. @param value not null */
    public synchronized void put(String name, V value) {
        if (get(name) != null) {
            return;
        }
        if (++used * 2 > entries.length) {
            Entry<V>[] larger = empty(entries.length * 2);
            for (Entry<V> entry : entries) {
                if (entry != null) {
                    place(entry, larger);
                }
            }
            entries = larger;
        }
        place(new Entry<>(name, value), entries);
    }

    private static <V> void place(Entry<V> entry, Entry<V>[] table) {
        int slot = slot(entry.name, table);
        while (table[slot] != null) {
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = entry;
    }

    private static int slot(String name, Object[] table) {
        int hash = name.hashCode();
        return (hash ^ hash >>> 16) & table.length - 1;
    }

    @SuppressWarnings("unchecked")
    private static <V> Entry<V>[] empty(int capacity) {
        return new Entry[capacity];
    }
}
