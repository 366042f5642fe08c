package io.scwatcher.os.net.inet;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.view.NetworkView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has which port. A port that a socket of the watched system has is taken as one of the layer's own: what bind(2) fails with is how some tools look for hidden
 * sockets. Guarded by the network's lock.
 */
public final class Ports {
    /** net.ipv4.ip_local_port_range. */
    private static final int FIRST_EPHEMERAL = 32768, EPHEMERAL = 60999 - FIRST_EPHEMERAL + 1;

    private record Key(int protocol, int port) {}

    private final NetworkView view;
    private final Map<Key, List<InetSocket>> sockets = new HashMap<>();
    private int next = (int) (System.nanoTime() & 0x3fff);

    public Ports(NetworkView view) {
        this.view = view;
    }

    /** Sockets with that port; not to be modified. */
    List<InetSocket> at(int protocol, int port) {
        return sockets.getOrDefault(new Key(protocol, port), List.of());
    }

    /**
     * Gives a socket its name.
     *
     * @param wanted port 0 for any free one
     * @return 0 or {@code -EADDRINUSE}
     */
    int take(InetSocket socket, InetAddress wanted) {
        if (wanted.port() != 0) {
            return conflicts(socket, wanted, false) ? -Errno.EADDRINUSE : put(socket, wanted);
        }
        for (int i = 0; i < EPHEMERAL; i++) {
            next = (next + 1) % EPHEMERAL;
            InetAddress some = wanted.withPort(FIRST_EPHEMERAL + next);
            if (at(socket.protocol(), some.port()).isEmpty() && view.bindings(socket.protocol(), some.port()).isEmpty()) {
                return put(socket, some);
            }
        }
        return -Errno.EADDRINUSE;
    }

    private int put(InetSocket socket, InetAddress name) {
        socket.local = name;
        add(socket);
        return 0;
    }

    /** A connection has the port of its listener. */
    void add(InetSocket socket) {
        sockets.computeIfAbsent(new Key(socket.protocol(), socket.local.port()), _ -> new ArrayList<>(1)).add(socket);
    }

    void free(InetSocket socket) {
        Key key = new Key(socket.protocol(), socket.local.port());
        List<InetSocket> all = sockets.get(key);
        if (all != null && all.remove(socket) && all.isEmpty()) {
            sockets.remove(key);
        }
    }

    /**
     * Whether a socket can't have that name: {@code inet_csk_bind_conflict}, {@code inet_rcv_saddr_equal}, and {@code udp_lib_lport_inuse}.
     *
     * @param listening whether it is about to listen: then reusing addresses does not help against other listeners
     */
    boolean conflicts(InetSocket socket, InetAddress name, boolean listening) {
        boolean reuse = socket.options().isSet(SO_REUSEADDR);
        boolean reusePort = socket.options().isSet(SO_REUSEPORT);
        List<NetworkView.Binding> others = new ArrayList<>(view.bindings(socket.protocol(), name.port()));
        for (InetSocket other : at(socket.protocol(), name.port())) {
            if (other != socket) {
                byte[] address = other.family() == AF_INET ? java.util.Arrays.copyOfRange(other.local.address(), 12, 16) : other.local.address();
                others.add(new NetworkView.Binding(address, other.only6(), other.listening(), other.options().isSet(SO_REUSEADDR), other.options().isSet(SO_REUSEPORT), other.ownerId()));
            }
        }
        for (NetworkView.Binding other : others) {
            boolean shared = reuse && other.reuseAddress() && !(socket.protocol() == IPPROTO_TCP && other.listening());
            boolean sharedPort = reusePort && other.reusePort() && other.uid() == socket.ownerId();
            if (!shared && !sharedPort && overlap(socket, name, other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean overlap(InetSocket socket, InetAddress name, NetworkView.Binding other) {
        boolean other4 = other.address().length == 4;
        InetAddress theirs = other4 ? InetAddress.of4(other.address(), 0) : new InetAddress(other.address(), 0, 0);
        boolean mineHears4 = name.isIpv4() || name.isAny() && !socket.only6();
        boolean theirsHears4 = theirs.isIpv4() || theirs.isAny() && !other.only6();
        if (name.isIpv4() != theirs.isIpv4() && !(mineHears4 && theirsHears4)) {
            // one has IPv4 addresses only, the other IPv6 addresses only
            return false;
        }
        return name.isAny() || theirs.isAny() || name.sameHost(theirs);
    }
}
