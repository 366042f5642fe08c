package io.scwatcher.os.net;

/** Where a receiving call gets its message. For one thread. */
public final class Incoming {
    public final byte[] data;
    public final int offset;
    /** Bytes that there is room for. */
    public final int room;
    /** Bytes that were put there. */
    public int count;
    /** The length of a datagram, which may be more than was put there. */
    public int fullLength;
    /** The sender's socket address, or null. */
    public byte[] from;
    /** What came beside the bytes, or null. */
    public Ancillary ancillary;
    /** MSG_TRUNC, MSG_EOR, MSG_OOB for msg_flags. */
    public int flags;

    public Incoming(byte[] data, int offset, int room) {
        this.data = data;
        this.offset = offset;
        this.room = room;
    }
}
