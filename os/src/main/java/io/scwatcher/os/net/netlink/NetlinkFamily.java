package io.scwatcher.os.net.netlink;

/**
 * One protocol of AF_NETLINK: answers requests. The socket takes care of what all protocols have in common: splitting, sequence numbers,
 * acknowledgements, the end of a dump, errors, buffers. Safe for several threads.
 */
public interface NetlinkFamily {
    /**
     * Answers one request by the messages that it writes. Nothing written and no exception is an empty dump, or success.
     *
     * @throws io.scwatcher.vfs.VfsException the error that the kernel would answer: EOPNOTSUPP for message types that it does not know, EPERM for what
     *     would change the system
     */
    void answer(NetlinkRequest request, NetlinkReply reply);
}
