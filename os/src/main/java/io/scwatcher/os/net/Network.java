package io.scwatcher.os.net;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.KernelMemory;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.net.inet.Ports;
import io.scwatcher.os.net.inet.SilentSocket;
import io.scwatcher.os.net.inet.TcpSocket;
import io.scwatcher.os.net.inet.UdpSocket;
import io.scwatcher.os.net.netlink.NetlinkFamily;
import io.scwatcher.os.net.netlink.NetlinkPorts;
import io.scwatcher.os.net.netlink.NetlinkSocket;
import io.scwatcher.os.net.unix.UnixDatagramSocket;
import io.scwatcher.os.net.unix.UnixNames;
import io.scwatcher.os.net.unix.UnixStreamSocket;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.view.NetworkView;
import java.util.function.Supplier;

/**
 * The sockets of a layer. Its own processes reach each other over a loopback that nothing else can see; there is no way out. What programs ask about the network is answered from
 * {@link NetworkView}. Its monitor is the lock of all sockets.
 */
public final class Network {
    private static final int NETLINK_MAX = 32;

    private final NetworkView view;
    private final KernelMemory memory;
    private final UnixNames unixNames = new UnixNames();
    private final Ports ports;
    private final NetlinkPorts netlinkPorts = new NetlinkPorts();

    /** @param memory is charged for what is on its way */
    public Network(NetworkView view, KernelMemory memory) {
        this.view = view;
        this.memory = memory;
        this.ports = new Ports(view);
    }

    /** The system's network. */
    public NetworkView view() {
        return view;
    }

    KernelMemory memory() {
        return memory;
    }

    public UnixNames unixNames() {
        return unixNames;
    }

    public Ports ports() {
        return ports;
    }

    public NetlinkPorts netlinkPorts() {
        return netlinkPorts;
    }

    /**
     * socket(2).
     *
     * @param type without SOCK_NONBLOCK and SOCK_CLOEXEC
     * @throws SystemCallException EAFNOSUPPORT, ESOCKTNOSUPPORT, EPROTONOSUPPORT, EPERM, EINVAL
     */
    Socket create(Task task, int family, int type, int protocol) {
        if (family < 0 || family >= AF_MAX) {
            throw SystemCallException.of(Errno.EAFNOSUPPORT);
        }
        if (type < 0 || type >= SOCK_MAX) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        Ancillary.Sender creator = Ancillary.Sender.of(task);
        return switch (family) {
            case AF_UNIX -> unix(creator, type, protocol);
            case AF_INET, AF_INET6 -> inet(task, creator, family, type, protocol);
            case AF_NETLINK -> netlink(creator, type, protocol);
            case AF_PACKET -> {
                requireRaw(task);
                if (type != SOCK_DGRAM && type != SOCK_RAW && type != SOCK_PACKET) {
                    throw SystemCallException.of(Errno.ESOCKTNOSUPPORT);
                }
                yield new SilentSocket(new Socket.Kind(this, family, type, protocol, creator));
            }
            default -> throw SystemCallException.of(Errno.EAFNOSUPPORT);
        };
    }

    private Socket unix(Ancillary.Sender creator, int type, int protocol) {
        if (protocol != 0 && protocol != AF_UNIX) {
            throw SystemCallException.of(Errno.EPROTONOSUPPORT);
        }
        return switch (type) {
            case SOCK_STREAM, SOCK_SEQPACKET -> new UnixStreamSocket(new Socket.Kind(this, AF_UNIX, type, 0, creator));
            case SOCK_DGRAM, SOCK_RAW -> new UnixDatagramSocket(new Socket.Kind(this, AF_UNIX, SOCK_DGRAM, 0, creator));
            default -> throw SystemCallException.of(Errno.ESOCKTNOSUPPORT);
        };
    }

    private Socket inet(Task task, Ancillary.Sender creator, int family, int type, int protocol) {
        if (protocol < 0 || protocol > 262) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        switch (type) {
            case SOCK_STREAM -> {
                requireProtocol(protocol, IPPROTO_TCP);
                return new TcpSocket(new Socket.Kind(this, family, type, IPPROTO_TCP, creator));
            }
            case SOCK_DGRAM -> {
                int ping = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
                if (protocol == ping) {
                    return new SilentSocket(new Socket.Kind(this, family, type, protocol, creator));
                }
                requireProtocol(protocol, IPPROTO_UDP);
                return new UdpSocket(new Socket.Kind(this, family, type, IPPROTO_UDP, creator));
            }
            case SOCK_RAW -> {
                if (protocol == 0) {
                    throw SystemCallException.of(Errno.EPROTONOSUPPORT);
                }
                requireRaw(task);
                return new SilentSocket(new Socket.Kind(this, family, type, protocol, creator));
            }
            default -> throw SystemCallException.of(Errno.ESOCKTNOSUPPORT);
        }
    }

    private static void requireProtocol(int given, int only) {
        if (given != 0 && given != only) {
            throw SystemCallException.of(Errno.EPROTONOSUPPORT);
        }
    }

    private static void requireRaw(Task task) {
        if (!task.credentials().has(CAP_NET_RAW)) {
            throw SystemCallException.of(Errno.EPERM);
        }
    }

    private Socket netlink(Ancillary.Sender creator, int type, int protocol) {
        if (type != SOCK_RAW && type != SOCK_DGRAM) {
            throw SystemCallException.of(Errno.ESOCKTNOSUPPORT);
        }
        NetlinkFamily answers = protocol < 0 || protocol >= NETLINK_MAX ? null
                : protocol == NetlinkSocket.NETLINK_KOBJECT_UEVENT ? NetlinkSocket.SILENT : view.netlink(protocol);
        if (answers == null) {
            throw SystemCallException.of(Errno.EPROTONOSUPPORT);
        }
        return new NetlinkSocket(new Socket.Kind(this, AF_NETLINK, type, protocol, creator), answers);
    }

    /** socketpair(2). @throws SystemCallException EOPNOTSUPP and what {@link #create} fails with */
    Socket[] pair(Task task, int family, int type, int protocol) {
        Supplier<Socket> make = () -> create(task, family, type, protocol);
        Socket first = make.get();
        Socket second = make.get();
        synchronized (this) {
            switch (first) {
                case UnixStreamSocket stream -> stream.pairWith((UnixStreamSocket) second);
                case UnixDatagramSocket datagram -> datagram.pairWith((UnixDatagramSocket) second);
                default -> throw SystemCallException.of(Errno.EOPNOTSUPP);
            }
        }
        return new Socket[] {first, second};
    }
}
