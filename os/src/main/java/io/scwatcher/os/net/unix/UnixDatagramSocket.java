package io.scwatcher.os.net.unix;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.net.Incoming;
import io.scwatcher.os.net.Message;
import io.scwatcher.os.net.Outgoing;
import io.scwatcher.os.net.Socket;
import io.scwatcher.os.task.Task;
import java.util.List;

/** A Unix socket of type SOCK_DGRAM: datagrams that arrive, and in order, or not at all. */
public final class UnixDatagramSocket extends UnixSocket {
    /** net.unix.max_dgram_qlen. */
    private static final int QUEUE_LENGTH = 10;

    public UnixDatagramSocket(Kind kind) {
        super(kind);
    }

    /** socketpair(2). */
    public void pairWith(UnixDatagramSocket other) {
        peer = other;
        other.peer = this;
        peerCredentials = other.creator;
        other.peerCredentials = creator;
    }

    @Override
    public int connect(Task task, byte[] address) {
        if (address.length >= 2 && address[0] == AF_UNSPEC && address[1] == 0) {
            synchronized (network()) {
                peer = null;
            }
            return 0;
        }
        UnixSocket found = find(task, address);
        synchronized (network()) {
            if (found.peer != null && found.peer != this) {
                return -Errno.EPERM;
            }
            peer = found;
            changed();
        }
        return 0;
    }

    @Override
    public Outgoing prepare(Task task, Outgoing out) {
        if (options().isSet(SO_PASSCRED) && !named()) {
            autobind();
        }
        return out.to() == null || out.to().length == 0 ? out : out.withTarget(find(task, out.to()));
    }

    @Override
    public int send(Outgoing out, int flags) {
        if ((flags & MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        synchronized (network()) {
            UnixSocket to = out.target() instanceof UnixSocket named ? named : peer;
            if (to == null) {
                return -Errno.ENOTCONN;
            }
            if (out.length() > sendBuffer() - 32) {
                return -Errno.EMSGSIZE;
            }
            if (to.dead) {
                if (peer == to) {
                    peer = null;
                }
                return -Errno.ECONNREFUSED;
            }
            return ((UnixDatagramSocket) to).deliver(this, out);
        }
    }

    private int deliver(UnixDatagramSocket from, Outgoing out) {
        if (peer != null && peer != from) {
            return -Errno.EPERM;
        }
        if ((shutdown & RCV_SHUTDOWN) != 0 || (from.shutdown & SEND_SHUTDOWN) != 0) {
            return -Errno.EPIPE;
        }
        boolean full = peer == from ? received.bytes() + out.length() > from.sendBuffer() && !received.isEmpty() : received.size() > QUEUE_LENGTH;
        if (full) {
            waitForRoom(from);
            return -Errno.EAGAIN;
        }
        received.add(new Message(out.data(), out.offset(), out.length(), () -> from.named() ? from.address() : null, out.ancillary()));
        changed();
        return out.length();
    }

    @Override
    public int receive(Incoming in, int flags) {
        if ((flags & MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        synchronized (network()) {
            int count = received.readMessage(in, flags);
            if (count == -Errno.EAGAIN) {
                return error != 0 ? -takeError() : (shutdown & RCV_SHUTDOWN) != 0 ? 0 : count;
            }
            roomMade();
            return count;
        }
    }

    @Override
    public int shutdown(int how) {
        synchronized (network()) {
            if (peer == null) {
                return -Errno.ENOTCONN;
            }
            shutdown |= how;
            changed();
        }
        return 0;
    }

    @Override
    public int poll() {
        synchronized (network()) {
            int events = received.isEmpty() ? 0 : PollEvents.READABLE;
            events |= (shutdown & RCV_SHUTDOWN) != 0 ? PollEvents.POLLRDHUP | PollEvents.READABLE : 0;
            events |= shutdown == SHUTDOWN_MASK ? PollEvents.POLLHUP : 0;
            events |= error != 0 ? PollEvents.POLLERR : 0;
            boolean full = peer != null && peer.peer != this && ((UnixDatagramSocket) peer).received.size() > QUEUE_LENGTH;
            if (full) {
                ((UnixDatagramSocket) peer).waitForRoom(this);
            }
            return full ? events : events | PollEvents.WRITABLE | PollEvents.POLLWRBAND;
        }
    }

    @Override
    List<Socket> detach() {
        if (peer != null && peer.peer == this) {
            peer.peer = null;
            ((UnixDatagramSocket) peer).orphaned();
        }
        peer = null;
        return List.of();
    }

    private void orphaned() {
        error = Errno.ECONNRESET;
        changed();
    }
}
