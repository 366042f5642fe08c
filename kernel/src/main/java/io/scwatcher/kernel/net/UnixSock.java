package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;

/** A Unix socket: {@code struct unix_sock} (include/net/af_unix.h). */
public final class UnixSock extends Sock {
    private static final int MAX_PATH = 108;
    private static final int PATH_OFFSET = 2;

    private final KObject unix;

    public UnixSock(KObject sock) {
        super(sock);
        this.unix = sock.as("unix_sock");
    }

    /**
     * The bytes of {@code sun_path} as bound: with the final NUL for a path, with the leading NUL for an abstract name.
     *
     * @return null if the socket has no name
     */
    public byte[] name() {
        KObject address = unix.ptr("addr");
        if (address.isNull()) {
            return null;
        }
        int length = Math.clamp(address.getInt("len") - PATH_OFFSET, 0, MAX_PATH + 1);
        byte[] name = new byte[length];
        kernel().memory().read(address.at("name").address() + PATH_OFFSET, name, 0, length);
        return name;
    }

    /** The other end of a connection, or null. */
    public UnixSock peer() {
        KObject peer = unix.ptr("peer");
        return peer.isNull() ? null : new UnixSock(peer.as("sock"));
    }
}
