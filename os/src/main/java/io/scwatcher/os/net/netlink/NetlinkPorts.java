package io.scwatcher.os.net.netlink;

import java.util.HashMap;
import java.util.Map;

/** Who has which port ID of which protocol ({@code nl_table}). Guarded by the network's lock. */
public final class NetlinkPorts {
    /** Where automatic IDs begin when a process has a socket already ({@code netlink_autobind}): downwards from here. */
    private static final int FIRST_OTHER = -4097;

    private record Key(int protocol, int port) {}

    private final Map<Key, NetlinkSocket> sockets = new HashMap<>();
    private int nextOther = FIRST_OTHER;

    /** @return false if it is taken */
    boolean take(int protocol, int port, NetlinkSocket socket) {
        return sockets.putIfAbsent(new Key(protocol, port), socket) == null;
    }

    /** A free ID, the process's own if possible. */
    int takeAny(int protocol, int process, NetlinkSocket socket) {
        int port = process;
        while (!take(protocol, port, socket)) {
            port = nextOther--;
            if (nextOther >= 0) {
                nextOther = FIRST_OTHER;
            }
        }
        return port;
    }

    void free(int protocol, int port) {
        sockets.remove(new Key(protocol, port));
    }
}
