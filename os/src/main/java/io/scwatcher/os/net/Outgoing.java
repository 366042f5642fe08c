package io.scwatcher.os.net;

/**
 * What a program sends by one call.
 *
 * @param to a socket address as the program gave it, or null
 * @param target the socket that {@code to} names, where {@link Socket#prepare} has to find it
 */
public record Outgoing(byte[] data, int offset, int length, byte[] to, Ancillary ancillary, Socket target) {
    public Outgoing(byte[] data, int offset, int length, byte[] to, Ancillary ancillary) {
        this(data, offset, length, to, ancillary, null);
    }

    public Outgoing withTarget(Socket found) {
        return new Outgoing(data, offset, length, to, ancillary, found);
    }

    /** The bytes from some place on; open files go with the first byte. */
    public Outgoing from(int done) {
        return done == 0 ? this : new Outgoing(data, offset + done, length - done, to, Ancillary.of(ancillary.sender()), target);
    }
}
