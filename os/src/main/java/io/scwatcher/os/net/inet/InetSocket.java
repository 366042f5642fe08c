package io.scwatcher.os.net.inet;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.net.Socket;
import io.scwatcher.os.net.SocketOptions;
import io.scwatcher.os.task.Task;

/** What sockets of AF_INET and AF_INET6 have in common: addresses, ports and options (ip(7), ipv6(7)). Nothing but the layer's own loopback is reachable. */
abstract class InetSocket extends Socket {
    static final int IPV6_V6ONLY = 26;
    private static final int IP_MTU = 14, IP_OPTIONS = 4, MULTICAST_JOIN = 35, MULTICAST_LEAVE = 36, IPV6_JOIN = 20, IPV6_LEAVE = 21;
    private static final int[] IP_OPTIONS_KNOWN = {1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 15, 18, 19, 20, 21, 23, 24, 32, 33, 34, 49, 50};
    private static final int[] IPV6_OPTIONS_KNOWN = {7, 8, 16, 17, 18, 19, 23, 24, 25, 26, 29, 31, 33, 49, 51, 56, 58, 60, 62, 66, 67, 70, 72, 73, 74, 75, 78, 80};
    private static final int IP_TTL = 2, IP_MTU_DISCOVER = 10, IP_MULTICAST_TTL = 33, IP_MULTICAST_LOOP = 34;
    private static final int IPV6_UNICAST_HOPS = 16, IPV6_MULTICAST_HOPS = 18, IPV6_MULTICAST_LOOP = 19;
    private static final int LOOPBACK_MTU = 65536;

    /** The name; its port is 0 as long as there is none. */
    InetAddress local;
    /** Null without a connection or default destination. */
    InetAddress remote;
    /** Whether bind(2) gave the address, and the port. */
    boolean boundAddress;
    boolean boundPort;

    InetSocket(Kind kind) {
        super(kind);
        local = InetAddress.any(kind.family());
        for (int name : IP_OPTIONS_KNOWN) {
            options().declare(SOL_IP, name, 0);
        }
        options().declare(SOL_IP, IP_TTL, 64).declare(SOL_IP, IP_MTU_DISCOVER, 1).declare(SOL_IP, IP_MULTICAST_TTL, 1).declare(SOL_IP, IP_MULTICAST_LOOP, 1);
        if (kind.family() == AF_INET6) {
            for (int name : IPV6_OPTIONS_KNOWN) {
                options().declare(SOL_IPV6, name, 0);
            }
            options().declare(SOL_IPV6, IPV6_UNICAST_HOPS, 64).declare(SOL_IPV6, IPV6_MULTICAST_HOPS, 1).declare(SOL_IPV6, IPV6_MULTICAST_LOOP, 1);
        }
    }

    final boolean only6() {
        return family() == AF_INET6 && options().get(SOL_IPV6, IPV6_V6ONLY) != 0;
    }

    /** Whether the socket's family and options let it have or reach an address. */
    final boolean speaks(InetAddress address) {
        return family() == AF_INET ? address.isIpv4() : !address.isIpv4() || !only6();
    }

    /** Whether packets to an address are for this socket, as far as its own address goes. */
    final boolean hears(InetAddress address) {
        if (!speaks(address)) {
            return false;
        }
        return local.isAny() ? family() == AF_INET6 || address.isIpv4() : local.sameHost(address);
    }

    /** What a program gives. @return 0 or a negated error number */
    final int check(byte[] raw, boolean binding) {
        if (raw.length < 2) {
            return -Errno.EINVAL;
        }
        int given = raw[0] & 0xff | (raw[1] & 0xff) << 8;
        int minimum = family() == AF_INET ? InetAddress.SIZE4 : InetAddress.MIN_SIZE6;
        if (family() == AF_INET6 && given == AF_INET && !binding) {
            return raw.length < InetAddress.SIZE4 ? -Errno.EINVAL : 0;
        }
        if (raw.length < minimum) {
            return -Errno.EINVAL;
        }
        if (family() == AF_INET && binding && given == AF_UNSPEC && raw[4] == 0 && raw[5] == 0 && raw[6] == 0 && raw[7] == 0) {
            return 0;
        }
        return given == family() ? 0 : -Errno.EAFNOSUPPORT;
    }

    @Override
    public int bind(Task task, byte[] raw) {
        int error = check(raw, true);
        if (error != 0) {
            return error;
        }
        byte[] given = raw.clone();
        given[0] = (byte) family();
        InetAddress wanted = InetAddress.decode(given);
        if (family() == AF_INET6 && wanted.isIpv4() && only6()) {
            return -Errno.EINVAL;
        }
        if (!wanted.isLocal(network().view()) && !wanted.isMulticast()) {
            return -Errno.EADDRNOTAVAIL;
        }
        synchronized (network()) {
            if (boundPort || boundAddress || used()) {
                return -Errno.EINVAL;
            }
            error = network().ports().take(this, wanted);
            if (error != 0) {
                return error;
            }
            boundAddress = !wanted.isAny();
            boundPort = true;
        }
        return 0;
    }

    /** Whether binding comes too late. */
    boolean used() {
        return false;
    }

    /** Gives it a port if it has none. */
    final int autobind() {
        return boundPort || local.port() != 0 ? 0 : network().ports().take(this, local.withPort(0));
    }

    /** Where packets can go. @return 0 or a negated error number */
    final int reachable(InetAddress to) {
        if (!speaks(to)) {
            return family() == AF_INET6 && to.isIpv4() ? -Errno.ENETUNREACH : -Errno.EAFNOSUPPORT;
        }
        return to.isLoopback() ? 0 : -Errno.ENETUNREACH;
    }

    @Override
    public byte[] name() {
        synchronized (network()) {
            return local.encode(family());
        }
    }

    @Override
    public byte[] peerName() {
        synchronized (network()) {
            return remote == null ? null : remote.encode(family());
        }
    }

    @Override
    public int setOption(Task task, int level, int name, byte[] value) {
        boolean joining = level == SOL_IP && (name == MULTICAST_JOIN || name == MULTICAST_LEAVE) || level == SOL_IPV6 && (name == IPV6_JOIN || name == IPV6_LEAVE);
        if (joining) {
            return value.length < 8 ? -Errno.EINVAL : 0;
        }
        if (level == SOL_IP && name == IP_OPTIONS) {
            return 0;
        }
        if (level == SOL_IPV6 && name == IPV6_V6ONLY && boundPort) {
            return -Errno.EINVAL;
        }
        return super.setOption(task, level, name, value);
    }

    @Override
    public byte[] option(int level, int name, byte[] given) {
        if (level == SOL_IP && name == IP_OPTIONS) {
            return new byte[0];
        }
        if (level == SOL_IP && name == IP_MTU) {
            return remote == null ? null : SocketOptions.bytes(LOOPBACK_MTU);
        }
        if (level == SOL_SOCKET && name == SO_PEERNAME) {
            return peerName();
        }
        return super.option(level, name, given);
    }
}
