package io.scwatcher.memory;

import java.util.Arrays;
import java.util.Objects;

/** Many reads of guest-physical memory as one request. Reusable after {@link #clear()}; not thread-safe. */
public final class ScatterRead {
    private long[] addresses;
    private byte[][] destinations;
    private int[] offsets;
    private int[] lengths;
    private boolean[] read;
    private int size;

    public ScatterRead(int capacity) {
        addresses = new long[capacity];
        destinations = new byte[capacity][];
        offsets = new int[capacity];
        lengths = new int[capacity];
        read = new boolean[capacity];
    }

    /** Asks for {@code length} bytes at {@code address}, to be put at {@code destination[offset]}. */
    public void add(long address, byte[] destination, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, destination.length);
        if (size == addresses.length) {
            grow();
        }
        addresses[size] = address;
        destinations[size] = destination;
        offsets[size] = offset;
        lengths[size] = length;
        read[size] = false;
        size++;
    }

    public int size() {
        return size;
    }

    public long address(int entry) {
        return addresses[entry];
    }

    public byte[] destination(int entry) {
        return destinations[entry];
    }

    public int offset(int entry) {
        return offsets[entry];
    }

    public int length(int entry) {
        return lengths[entry];
    }

    /** For the memory that serves the request: says that an entry's destination is filled. */
    public void markRead(int entry) {
        read[entry] = true;
    }

    /** Whether an entry was filled. */
    public boolean isRead(int entry) {
        return read[entry];
    }

    public void clear() {
        Arrays.fill(destinations, 0, size, null);
        size = 0;
    }

    private void grow() {
        int capacity = Math.max(8, addresses.length * 2);
        addresses = Arrays.copyOf(addresses, capacity);
        destinations = Arrays.copyOf(destinations, capacity);
        offsets = Arrays.copyOf(offsets, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        read = Arrays.copyOf(read, capacity);
    }
}
