package io.scwatcher.os.net;

import java.util.Arrays;
import java.util.function.Supplier;

/** Bytes that have arrived at a socket: a datagram, or a piece of a stream (struct sk_buff). Guarded by the network's lock. */
public final class Message {
    /** Small pieces of a stream share one message up to this size. */
    private static final int SHARED = 4096;

    private byte[] data;
    private int start;
    private int end;
    private final Supplier<byte[]> from;
    private Ancillary ancillary;
    private final boolean hasFiles;

    /** Copies the bytes. @param from gives the sender's socket address when it is read, or null  @param ancillary or null */
    public Message(byte[] bytes, int offset, int length, Supplier<byte[]> from, Ancillary ancillary) {
        this.data = Arrays.copyOfRange(bytes, offset, offset + length);
        this.end = length;
        this.from = from;
        this.ancillary = ancillary;
        this.hasFiles = ancillary != null && !ancillary.files().isEmpty();
    }

    public int length() {
        return end - start;
    }

    byte[] from() {
        return from == null ? null : from.get();
    }

    Ancillary ancillary() {
        return ancillary;
    }

    /** Takes away what came beside the bytes. */
    Ancillary takeAncillary() {
        Ancillary taken = ancillary;
        if (taken != null) {
            ancillary = Ancillary.of(taken.sender());
        }
        return taken;
    }

    boolean carriesFiles() {
        return hasFiles;
    }

    /** Puts bytes behind those of a stream that are here already; false if they had better be a message of their own. */
    boolean append(byte[] bytes, int offset, int length, Ancillary.Sender sender) {
        boolean sameSender = ancillary == null ? sender == null : ancillary.sender().equals(sender);
        if (hasFiles || !sameSender || end + length > SHARED) {
            return false;
        }
        if (end + length > data.length) {
            data = Arrays.copyOf(data, Math.min(SHARED, Math.max(end + length, data.length * 2)));
        }
        System.arraycopy(bytes, offset, data, end, length);
        end += length;
        return true;
    }

    int copy(byte[] to, int offset, int room) {
        int count = Math.min(room, length());
        System.arraycopy(data, start, to, offset, count);
        return count;
    }

    void consume(int count) {
        start += count;
    }
}
