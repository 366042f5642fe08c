package io.scwatcher.os.net.unix;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.net.Ancillary;
import io.scwatcher.os.net.Incoming;
import io.scwatcher.os.net.Message;
import io.scwatcher.os.net.Outgoing;
import io.scwatcher.os.net.Socket;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A Unix socket with connections: SOCK_STREAM, and SOCK_SEQPACKET, which keeps the boundaries of messages. */
public final class UnixStreamSocket extends UnixSocket {
    private enum State { CLOSED, LISTENING, CONNECTED }

    private State state = State.CLOSED;
    private int backlog;
    /** Whether it was closed before somebody accepted it. */
    private boolean embryo;
    private final ArrayDeque<UnixStreamSocket> pending = new ArrayDeque<>(0);

    public UnixStreamSocket(Kind kind) {
        super(kind);
    }

    /** socketpair(2). */
    public void pairWith(UnixStreamSocket other) {
        join(other);
        peerCredentials = other.creator;
        other.peerCredentials = creator;
    }

    private void join(UnixStreamSocket other) {
        peer = other;
        other.peer = this;
        state = State.CONNECTED;
        other.state = State.CONNECTED;
    }

    private boolean packets() {
        return type() == SOCK_SEQPACKET;
    }

    @Override
    public int connect(Task task, byte[] address) {
        UnixStreamSocket listener = (UnixStreamSocket) find(task, address);
        synchronized (network()) {
            if (state != State.CLOSED) {
                return state == State.CONNECTED ? -Errno.EISCONN : -Errno.EINVAL;
            }
            if (listener.state != State.LISTENING || listener.dead || (listener.shutdown & RCV_SHUTDOWN) != 0) {
                return -Errno.ECONNREFUSED;
            }
            if (listener.pending.size() > listener.backlog) {
                listener.waitForRoom(this);
                return -Errno.EAGAIN;
            }
            UnixStreamSocket server = new UnixStreamSocket(new Kind(network(), AF_UNIX, type(), 0, listener.creator));
            join(server);
            server.takeName(listener);
            server.options().declare(SOL_SOCKET, SO_PASSCRED, listener.options().get(SOL_SOCKET, SO_PASSCRED));
            peerCredentials = listener.peerCredentials;
            server.peerCredentials = effective(task);
            listener.pending.add(server);
            listener.changed();
            changed();
        }
        return 0;
    }

    private static Ancillary.Sender effective(Task task) {
        Credentials who = task.credentials();
        return new Ancillary.Sender(task.group().id(), who.euid(), who.egid());
    }

    @Override
    public int listen(Task task, int some) {
        synchronized (network()) {
            if (!named() || state == State.CONNECTED) {
                return -Errno.EINVAL;
            }
            state = State.LISTENING;
            backlog = some;
            peerCredentials = effective(task);
            roomMade();
        }
        return 0;
    }

    @Override
    public boolean listening() {
        return state == State.LISTENING;
    }

    @Override
    public Socket accept(int[] failure) {
        synchronized (network()) {
            if (state != State.LISTENING) {
                failure[0] = -Errno.EINVAL;
                return null;
            }
            UnixStreamSocket first = pending.poll();
            failure[0] = (shutdown & RCV_SHUTDOWN) != 0 ? -Errno.EINVAL : -Errno.EAGAIN;
            if (first != null) {
                roomMade();
            }
            return first;
        }
    }

    @Override
    public Outgoing prepare(Task task, Outgoing out) {
        if (out.to() != null && out.to().length > 0 && !packets()) {
            throw io.scwatcher.os.syscall.SystemCallException.of(state == State.CONNECTED ? Errno.EISCONN : Errno.EOPNOTSUPP);
        }
        return out;
    }

    @Override
    public int send(Outgoing out, int flags) {
        if ((flags & MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        synchronized (network()) {
            if (error != 0 && packets()) {
                return -takeError();
            }
            if (state != State.CONNECTED) {
                return -Errno.ENOTCONN;
            }
            UnixStreamSocket to = (UnixStreamSocket) peer;
            if ((shutdown & SEND_SHUTDOWN) != 0 || to == null || to.dead || (to.shutdown & RCV_SHUTDOWN) != 0) {
                return -Errno.EPIPE;
            }
            if (packets()) {
                return sendPacket(to, out);
            }
            if (out.length() == 0) {
                return 0;
            }
            long room = sendBuffer() - to.received.bytes();
            if (room <= 0) {
                return -Errno.EAGAIN;
            }
            int count = (int) Math.min(room, out.length());
            to.received.append(out, count);
            to.changed();
            return count;
        }
    }

    private int sendPacket(UnixStreamSocket to, Outgoing out) {
        if (out.length() > sendBuffer() - 32) {
            return -Errno.EMSGSIZE;
        }
        if (!to.received.isEmpty() && to.received.bytes() + out.length() > sendBuffer()) {
            return -Errno.EAGAIN;
        }
        to.received.add(new Message(out.data(), out.offset(), out.length(), null, out.ancillary()));
        to.changed();
        return out.length();
    }

    @Override
    public int receive(Incoming in, int flags) {
        if ((flags & MSG_OOB) != 0) {
            return packets() ? -Errno.EOPNOTSUPP : -Errno.EINVAL;
        }
        synchronized (network()) {
            if (state != State.CONNECTED) {
                return packets() ? -Errno.ENOTCONN : -Errno.EINVAL;
            }
            if (in.room == 0 && !packets()) {
                return 0;
            }
            int count = packets() ? received.readMessage(in, flags) : received.readStream(in, flags, options().isSet(SO_PASSCRED));
            if (count != -Errno.EAGAIN) {
                if (peer != null && (flags & MSG_PEEK) == 0) {
                    ((UnixStreamSocket) peer).changed();
                }
                return count;
            }
            return error != 0 ? -takeError() : (shutdown & RCV_SHUTDOWN) != 0 ? 0 : count;
        }
    }

    @Override
    public int shutdown(int how) {
        synchronized (network()) {
            shutdown |= how;
            if (peer instanceof UnixStreamSocket other && state == State.CONNECTED) {
                other.shutdown |= (how & RCV_SHUTDOWN) << 1 | (how & SEND_SHUTDOWN) >> 1;
                other.changed();
            }
            changed();
            roomMade();
        }
        return 0;
    }

    @Override
    public int poll() {
        synchronized (network()) {
            int events = error != 0 ? PollEvents.POLLERR : 0;
            if (state == State.LISTENING) {
                return events | (pending.isEmpty() ? 0 : PollEvents.READABLE);
            }
            events |= shutdown == SHUTDOWN_MASK || state == State.CLOSED ? PollEvents.POLLHUP : 0;
            events |= (shutdown & RCV_SHUTDOWN) != 0 ? PollEvents.POLLRDHUP | PollEvents.READABLE : 0;
            events |= received.isEmpty() ? 0 : PollEvents.READABLE;
            long unread = peer == null ? 0 : ((UnixStreamSocket) peer).received.bytes();
            return unread << 2 <= sendBuffer() ? events | PollEvents.WRITABLE | PollEvents.POLLWRBAND : events;
        }
    }

    @Override
    List<Socket> detach() {
        List<Socket> closing = new ArrayList<>(pending);
        pending.forEach(server -> server.embryo = true);
        pending.clear();
        if (peer instanceof UnixStreamSocket other) {
            other.shutdown = SHUTDOWN_MASK;
            if (!received.isEmpty() || embryo) {
                other.error = Errno.ECONNRESET;
            }
            other.changed();
        }
        return closing;
    }
}
