package io.scwatcher.kernel.memory;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.ScatterRead;
import java.util.Arrays;

/**
 * The lines of guest-physical memory that an epoch has read, each fetched once, so that an epoch sees one value of each. A
 * line is an aligned piece of a fixed size. Bounded: when full it starts anew. Lookups take no lock.
 */
final class LineCache {
    private static final int FIRST_CAPACITY = 1 << 12;

    private final GuestMemory memory;
    private final int shift;
    private final int maxLines;
    /** Stands for every line that holds only zeros. */
    private final byte[] zeros;
    private volatile Line[] table = new Line[FIRST_CAPACITY];
    private int used;

    /** Final fields, so that a line can be handed over without a lock. {@code bytes} is null where there is no RAM. */
    private record Line(long number, byte[] bytes) {}

    /** @param shift binary logarithm of a line's bytes */
    LineCache(GuestMemory memory, int shift, int maxLines) {
        this.memory = memory;
        this.shift = shift;
        this.maxLines = maxLines;
        this.zeros = new byte[1 << shift];
    }

    /** The content of the line of a guest-physical address, or null if it is not RAM. */
    byte[] line(long physical) {
        Line known = lookup(physical >>> shift);
        return known != null ? known.bytes : load(physical >>> shift);
    }

    /** Lines held. */
    synchronized int size() {
        return used;
    }

    boolean isCached(long physical) {
        return lookup(physical >>> shift) != null;
    }

    /** Fetches the lines of the given addresses, those that are missing, in one request. */
    void load(long[] physical, int count) {
        ScatterRead batch = new ScatterRead(count);
        long previous = -1;
        for (int i = 0; i < count; i++) {
            long number = physical[i] >>> shift;
            if (number != previous && lookup(number) == null && isAddressable(number)) {
                batch.add(number << shift, new byte[zeros.length], 0, zeros.length);
            }
            previous = number;
        }
        if (batch.size() == 0) {
            return;
        }
        memory.read(batch);
        for (int i = 0; i < batch.size(); i++) {
            byte[] bytes = batch.isRead(i) ? batch.destination(i) : null;
            insert(new Line(batch.address(i) >>> shift, shared(bytes)));
        }
    }

    private byte[] load(long number) {
        byte[] bytes = new byte[zeros.length];
        boolean isRam = isAddressable(number) && memory.read(number << shift, bytes, 0, bytes.length);
        return insert(new Line(number, isRam ? shared(bytes) : null)).bytes;
    }

    private boolean isAddressable(long number) {
        return number < Long.MAX_VALUE >>> shift;
    }

    private byte[] shared(byte[] bytes) {
        return bytes != null && Arrays.equals(bytes, zeros) ? zeros : bytes;
    }

    private Line lookup(long number) {
        Line[] current = table;
        int mask = current.length - 1;
        for (int slot = hash(number) & mask; ; slot = slot + 1 & mask) {
            Line line = current[slot];
            if (line == null || line.number == number) {
                return line;
            }
        }
    }

    private synchronized Line insert(Line line) {
        Line already = lookup(line.number);
        if (already != null) {
            return already;
        }
        if (used >= maxLines) {
            table = new Line[FIRST_CAPACITY];
            used = 0;
        } else if (used * 2 >= table.length) {
            grow();
        }
        place(table, line);
        used++;
        return line;
    }

    private void grow() {
        Line[] larger = new Line[table.length * 2];
        for (Line line : table) {
            if (line != null) {
                place(larger, line);
            }
        }
        table = larger;
    }

    private static void place(Line[] table, Line line) {
        int mask = table.length - 1;
        int slot = hash(line.number) & mask;
        while (table[slot] != null) {
            slot = slot + 1 & mask;
        }
        table[slot] = line;
    }

    private static int hash(long number) {
        return (int) (number * 0x9E37_79B9_7F4A_7C15L >>> 40);
    }
}
