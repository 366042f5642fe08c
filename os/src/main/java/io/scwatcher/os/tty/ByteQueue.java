package io.scwatcher.os.tty;

import java.util.Arrays;

/** Bytes in order. Grows with what it holds; whoever fills it minds the limit. */
final class ByteQueue {
    private byte[] ring = new byte[256];
    private int head;
    private int size;

    int size() {
        return size;
    }

    void add(int value) {
        if (size == ring.length) {
            byte[] larger = Arrays.copyOfRange(ring, head, head + 2 * size);
            System.arraycopy(ring, 0, larger, size - head, head);
            Arrays.fill(larger, size, larger.length, (byte) 0);
            ring = larger;
            head = 0;
        }
        ring[(head + size++) % ring.length] = (byte) value;
    }

    int take(byte[] to, int offset, int length) {
        int count = Math.min(length, size);
        for (int i = 0; i < count; i++) {
            to[offset + i] = ring[(head + i) % ring.length];
        }
        head = (head + count) % ring.length;
        size -= count;
        return count;
    }

    void clear() {
        head = 0;
        size = 0;
    }
}
