package io.scwatcher.kernel.memory;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.ScatterRead;
import java.util.Arrays;

/**
 * The page frames that an epoch has read, each fetched once, so that an epoch sees one value of each page. Bounded: when
 * full it starts anew. Lookups take no lock.
 */
final class FrameCache {
    static final int FRAME_SIZE = 4096;
    /** Stands for every frame that holds only zeros. */
    private static final byte[] ZEROS = new byte[FRAME_SIZE];
    private static final int FIRST_CAPACITY = 1 << 12;

    private final GuestMemory memory;
    private final int maxFrames;
    private volatile Frame[] table = new Frame[FIRST_CAPACITY];
    private int used;

    /** Final fields, so that a frame can be handed over without a lock. {@code bytes} is null where there is no RAM. */
    private record Frame(long number, byte[] bytes) {}

    FrameCache(GuestMemory memory, int maxFrames) {
        this.memory = memory;
        this.maxFrames = maxFrames;
    }

    /** The content of frame {@code number} (guest-physical address / 4096), or null if it is not RAM. */
    byte[] frame(long number) {
        Frame known = lookup(number);
        return known != null ? known.bytes : load(number);
    }

    /** Frames held. */
    synchronized int size() {
        return used;
    }

    boolean isCached(long number) {
        return lookup(number) != null;
    }

    /** Fetches the given frames, those that are missing, in one request. */
    void load(long[] numbers, int count) {
        ScatterRead batch = new ScatterRead(count);
        for (int i = 0; i < count; i++) {
            if (lookup(numbers[i]) == null && isAddressable(numbers[i])) {
                batch.add(numbers[i] * FRAME_SIZE, new byte[FRAME_SIZE], 0, FRAME_SIZE);
            }
        }
        if (batch.size() == 0) {
            return;
        }
        memory.read(batch);
        for (int i = 0; i < batch.size(); i++) {
            byte[] bytes = batch.isRead(i) ? batch.destination(i) : null;
            insert(new Frame(batch.address(i) / FRAME_SIZE, shared(bytes)));
        }
    }

    private byte[] load(long number) {
        byte[] bytes = new byte[FRAME_SIZE];
        boolean isRam = isAddressable(number) && memory.read(number * FRAME_SIZE, bytes, 0, FRAME_SIZE);
        return insert(new Frame(number, isRam ? shared(bytes) : null)).bytes;
    }

    private static boolean isAddressable(long number) {
        return number >= 0 && number < Long.MAX_VALUE / FRAME_SIZE;
    }

    private static byte[] shared(byte[] bytes) {
        return bytes != null && Arrays.equals(bytes, ZEROS) ? ZEROS : bytes;
    }

    private Frame lookup(long number) {
        Frame[] current = table;
        int mask = current.length - 1;
        for (int slot = hash(number) & mask; ; slot = slot + 1 & mask) {
            Frame frame = current[slot];
            if (frame == null || frame.number == number) {
                return frame;
            }
        }
    }

    private synchronized Frame insert(Frame frame) {
        Frame already = lookup(frame.number);
        if (already != null) {
            return already;
        }
        if (used >= maxFrames) {
            table = new Frame[FIRST_CAPACITY];
            used = 0;
        } else if (used * 2 >= table.length) {
            grow();
        }
        place(table, frame);
        used++;
        return frame;
    }

    private void grow() {
        Frame[] larger = new Frame[table.length * 2];
        for (Frame frame : table) {
            if (frame != null) {
                place(larger, frame);
            }
        }
        table = larger;
    }

    private static void place(Frame[] table, Frame frame) {
        int mask = table.length - 1;
        int slot = hash(frame.number) & mask;
        while (table[slot] != null) {
            slot = slot + 1 & mask;
        }
        table[slot] = frame;
    }

    private static int hash(long number) {
        return (int) (number * 0x9E37_79B9_7F4A_7C15L >>> 40);
    }
}
