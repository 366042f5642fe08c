package io.scwatcher.channel.page;

import io.scwatcher.channel.ChannelException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The content of a range: one byte that says whether it is RAM; if so, one bit for each page that it touches (lowest bit first, padded to bytes) that says whether the
 * range's part of it holds anything but zeros; then these parts.
 */
final class SparseContent {
    private static final int PAGE = 4096;
    private static final byte[] ZEROS = new byte[PAGE];
    private static final byte NOT_RAM = 0;
    private static final byte RAM = 1;

    private SparseContent() {
    }

    /** Bytes that a range takes at most. */
    static int capacity(int length) {
        return 1 + (length / PAGE + 2) / 8 + 1 + length;
    }

    static void putMissing(ByteBuffer to) {
        to.put(NOT_RAM);
    }

    static void put(ByteBuffer to, long address, byte[] content, int offset, int length) {
        to.put(RAM);
        int bits = to.position();
        int pages = pages(address, length);
        to.position(bits + (pages + 7) / 8);
        for (int i = bits; i < to.position(); i++) {
            to.put(i, (byte) 0);
        }
        int done = 0;
        for (int page = 0; page < pages; page++) {
            int part = part(address, length, done);
            if (Arrays.mismatch(content, offset + done, offset + done + part, ZEROS, 0, part) >= 0) {
                to.put(bits + page / 8, (byte) (to.get(bits + page / 8) | 1 << page % 8));
                to.put(content, offset + done, part);
            }
            done += part;
        }
    }

    /** @return false if the range is not RAM */
    static boolean get(ByteBuffer from, long address, byte[] destination, int offset, int length) throws ChannelException {
        byte kind = from.get();
        if (kind == NOT_RAM) {
            return false;
        }
        if (kind != RAM) {
            throw new ChannelException("content of an unknown kind (" + kind + ")");
        }
        int pages = pages(address, length);
        int bits = from.position();
        from.position(Math.min(from.limit(), bits + (pages + 7) / 8));
        int done = 0;
        for (int page = 0; page < pages; page++) {
            int part = part(address, length, done);
            if (bits + page / 8 >= from.limit()) {
                throw new ChannelException("a frame that ends too early");
            }
            if ((from.get(bits + page / 8) >> page % 8 & 1) != 0) {
                from.get(destination, offset + done, part);
            } else {
                Arrays.fill(destination, offset + done, offset + done + part, (byte) 0);
            }
            done += part;
        }
        return true;
    }

    private static int pages(long address, int length) {
        return (int) ((address & PAGE - 1) + length + PAGE - 1) / PAGE;
    }

    private static int part(long address, int length, int done) {
        return Math.min(length - done, PAGE - (int) (address + done & PAGE - 1));
    }
}
