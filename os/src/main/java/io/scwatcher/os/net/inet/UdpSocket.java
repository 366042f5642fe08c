package io.scwatcher.os.net.inet;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.net.Incoming;
import io.scwatcher.os.net.Message;
import io.scwatcher.os.net.Outgoing;
import io.scwatcher.os.task.Task;

/** A UDP socket on the loopback (udp(7); net/ipv4/udp.c, 6.12). */
public final class UdpSocket extends InetSocket {
    /** What a datagram can hold at most. */
    private static final int MAX_LENGTH = 65_507;

    public UdpSocket(Kind kind) {
        super(kind);
        for (int name : new int[] {1, 100, 101, 102, 103, 104}) {
            options().declare(SOL_UDP, name, 0);
        }
    }

    @Override
    public int connect(Task task, byte[] raw) {
        if (raw.length >= 2 && raw[0] == AF_UNSPEC && raw[1] == 0) {
            disconnect();
            return 0;
        }
        int error = check(raw, false);
        if (error != 0) {
            return error;
        }
        InetAddress to = InetAddress.decode(raw).destination();
        error = reachable(to);
        if (error != 0) {
            return error;
        }
        synchronized (network()) {
            error = autobind();
            if (error != 0) {
                return error;
            }
            remote = to;
            if (local.isAny()) {
                local = source(to);
            }
        }
        return 0;
    }

    private void disconnect() {
        synchronized (network()) {
            remote = null;
            if (!boundAddress) {
                int port = local.port();
                local = InetAddress.any(family()).withPort(port);
            }
            if (!boundPort) {
                network().ports().free(this);
                local = local.withPort(0);
            }
        }
    }

    /** The address that packets to another come from. */
    private InetAddress source(InetAddress to) {
        if (!local.isAny()) {
            return local;
        }
        return InetAddress.any(to.isIpv4() ? AF_INET : AF_INET6).destination().withPort(local.port());
    }

    @Override
    public int send(Outgoing out, int flags) {
        if ((flags & MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        if (out.length() > MAX_LENGTH) {
            return -Errno.EMSGSIZE;
        }
        InetAddress to = remote;
        if (out.to() != null && out.to().length > 0) {
            int invalid = check(out.to(), false);
            if (invalid != 0) {
                return invalid;
            }
            to = InetAddress.decode(out.to()).destination();
            if (to.port() == 0) {
                return -Errno.EINVAL;
            }
        }
        synchronized (network()) {
            if (error != 0) {
                return -takeError();
            }
            if ((shutdown & SEND_SHUTDOWN) != 0) {
                return -Errno.EPIPE;
            }
            int failed = autobind();
            if (failed != 0) {
                return failed;
            }
            if (to == null) {
                return -Errno.EDESTADDRREQ;
            }
            if (to.isBroadcast() && !options().isSet(SO_BROADCAST)) {
                return -Errno.EACCES;
            }
            failed = reachable(to);
            return failed != 0 ? failed : transmit(out, to);
        }
    }

    private int transmit(Outgoing out, InetAddress to) {
        InetAddress from = source(to);
        UdpSocket receiver = null;
        int best = -1;
        for (InetSocket each : network().ports().at(IPPROTO_UDP, to.port())) {
            int score = ((UdpSocket) each).score(to, from);
            if (score > best) {
                best = score;
                receiver = (UdpSocket) each;
            }
        }
        if (receiver == null) {
            if (remote != null) {
                error = Errno.ECONNREFUSED;
                changed();
            }
        } else if (receiver.received.bytes() + out.length() <= receiver.receiveBuffer() && (receiver.shutdown & RCV_SHUTDOWN) == 0) {
            byte[] sender = from.encode(receiver.family());
            receiver.received.add(new Message(out.data(), out.offset(), out.length(), () -> sender, null));
            receiver.changed();
        }
        return out.length();
    }

    /** How well it fits a packet ({@code compute_score}); negative if not at all. */
    private int score(InetAddress to, InetAddress from) {
        if (!hears(to) || remote != null && !remote.same(from)) {
            return -1;
        }
        return (local.isAny() ? 0 : 1) + (remote == null ? 0 : 2) + (family() == AF_INET ? 1 : 0);
    }

    @Override
    public int receive(Incoming in, int flags) {
        if ((flags & MSG_ERRQUEUE) != 0 || (flags & MSG_OOB) != 0) {
            return (flags & MSG_OOB) != 0 ? -Errno.EOPNOTSUPP : -Errno.EAGAIN;
        }
        synchronized (network()) {
            if (error != 0) {
                return -takeError();
            }
            int count = received.readMessage(in, flags);
            return count == -Errno.EAGAIN && (shutdown & RCV_SHUTDOWN) != 0 ? 0 : count;
        }
    }

    @Override
    public int shutdown(int how) {
        synchronized (network()) {
            shutdown |= how;
            changed();
            return remote == null ? -Errno.ENOTCONN : 0;
        }
    }

    @Override
    public int poll() {
        synchronized (network()) {
            int events = PollEvents.WRITABLE | PollEvents.POLLWRBAND | (received.isEmpty() ? 0 : PollEvents.READABLE) | (error != 0 ? PollEvents.POLLERR : 0);
            events |= (shutdown & RCV_SHUTDOWN) != 0 ? PollEvents.POLLRDHUP | PollEvents.READABLE : 0;
            return shutdown == SHUTDOWN_MASK ? events | PollEvents.POLLHUP : events;
        }
    }

    @Override
    protected void closed() {
        synchronized (network()) {
            network().ports().free(this);
            received.clear();
        }
    }
}
