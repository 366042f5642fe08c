package io.scwatcher.os.net.inet;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.net.Ancillary;
import io.scwatcher.os.net.Incoming;
import io.scwatcher.os.net.Outgoing;
import io.scwatcher.os.net.Socket;
import io.scwatcher.os.task.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A TCP socket on the loopback (tcp(7); net/ipv4/tcp.c, 6.12): segments are never lost, so a connection is two queues of bytes. */
public final class TcpSocket extends InetSocket {
    /** States of include/net/tcp_states.h. */
    private static final int ESTABLISHED = 1, SYN_SENT = 2, FIN_WAIT2 = 5, TIME_WAIT = 6, CLOSE = 7, CLOSE_WAIT = 8, LISTEN = 10;
    private static final int TCP_NODELAY = 1, TCP_MAXSEG = 2, TCP_CORK = 3, TCP_KEEPIDLE = 4, TCP_KEEPINTVL = 5, TCP_KEEPCNT = 6, TCP_SYNCNT = 7, TCP_LINGER2 = 8,
            TCP_DEFER_ACCEPT = 9, TCP_WINDOW_CLAMP = 10, TCP_INFO = 11, TCP_QUICKACK = 12, TCP_CONGESTION = 13, TCP_USER_TIMEOUT = 18, TCP_FASTOPEN = 23, TCP_ULP = 31;
    private static final int DEFAULT_SEND = 16_384, DEFAULT_RECEIVE = 131_072;
    /** What a connection holds at least, as buffers grow by themselves. */
    private static final int CAPACITY = 1 << 20;
    private static final int SIOCATMARK = 0x8905;

    private boolean listening;
    private int backlog;
    private final ArrayDeque<TcpSocket> pending = new ArrayDeque<>(0);

    private boolean connected;
    /** connect(2) was called and has not told its result. */
    private boolean connecting;
    private TcpSocket peer;
    private boolean closedByProgram;
    /** The other end will send no more. */
    private boolean finReceived;
    /** The connection was reset, or both ends are through. */
    private boolean over;
    /** Out-of-band data: the byte that was marked, or -1; and where the mark is, counted from the next byte to read. */
    private int urgent = -1;
    private long mark = -1;

    public TcpSocket(Kind kind) {
        super(kind);
        for (int name : new int[] {TCP_NODELAY, TCP_CORK, TCP_DEFER_ACCEPT, TCP_WINDOW_CLAMP, TCP_USER_TIMEOUT, TCP_FASTOPEN, 25, 30}) {
            options().declare(SOL_TCP, name, 0);
        }
        options().declare(SOL_TCP, TCP_MAXSEG, 536).declare(SOL_TCP, TCP_KEEPIDLE, 7200).declare(SOL_TCP, TCP_KEEPINTVL, 75).declare(SOL_TCP, TCP_KEEPCNT, 9)
                .declare(SOL_TCP, TCP_SYNCNT, 6).declare(SOL_TCP, TCP_LINGER2, 60).declare(SOL_TCP, TCP_QUICKACK, 1);
        options().declare(SOL_SOCKET, SO_SNDBUF, DEFAULT_SEND).declare(SOL_SOCKET, SO_RCVBUF, DEFAULT_RECEIVE);
    }

    @Override
    boolean used() {
        return connected || listening || over;
    }

    @Override
    public int connect(Task task, byte[] raw) {
        if (raw.length >= 2 && raw[0] == AF_UNSPEC && raw[1] == 0) {
            return disconnect();
        }
        synchronized (network()) {
            if (listening || connected && !connecting) {
                return -Errno.EISCONN;
            }
            if (connecting) {
                int result = connected();
                return result == -Errno.EAGAIN ? -Errno.EALREADY : result;
            }
            int invalid = check(raw, false);
            if (invalid != 0) {
                return invalid;
            }
            InetAddress to = InetAddress.decode(raw).destination();
            int failed = to.isMulticast() || to.isBroadcast() ? -Errno.ENETUNREACH : reachable(to);
            failed = failed != 0 ? failed : autobind();
            if (failed != 0) {
                return failed;
            }
            if (local.isAny()) {
                local = InetAddress.any(to.isIpv4() ? AF_INET : AF_INET6).destination().withPort(local.port());
            }
            connecting = true;
            remote = to;
            error = 0;
            synchronize();
            return -Errno.EINPROGRESS;
        }
    }

    /** Sends SYN: the listener answers at once, refuses, or lets it wait for room. */
    private void synchronize() {
        TcpSocket listener = null;
        for (InetSocket each : network().ports().at(IPPROTO_TCP, remote.port())) {
            TcpSocket candidate = (TcpSocket) each;
            if (candidate.listening && candidate.hears(remote) && (listener == null || listener.local.isAny())) {
                listener = candidate;
            }
        }
        if (listener == null) {
            fail(Errno.ECONNREFUSED);
        } else if (listener.pending.size() > listener.backlog) {
            listener.waitForRoom(this);
        } else {
            listener.receiveConnection(this);
        }
    }

    private void receiveConnection(TcpSocket client) {
        TcpSocket server = new TcpSocket(new Kind(network(), family(), SOCK_STREAM, IPPROTO_TCP, creator));
        server.local = client.remote;
        server.remote = client.local;
        server.inherit(this);
        server.connected = true;
        server.peer = client;
        client.peer = server;
        client.connected = true;
        network().ports().add(server);
        pending.add(server);
        changed();
        client.changed();
    }

    private void inherit(TcpSocket listener) {
        for (int name : new int[] {SO_REUSEADDR, SO_REUSEPORT, SO_KEEPALIVE, SO_OOBINLINE, SO_SNDBUF, SO_RCVBUF, SO_PRIORITY}) {
            options().declare(SOL_SOCKET, name, listener.options().get(SOL_SOCKET, name));
        }
        for (int name : new int[] {TCP_NODELAY, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT}) {
            options().declare(SOL_TCP, name, listener.options().get(SOL_TCP, name));
        }
    }

    @Override
    public int connected() {
        synchronized (network()) {
            if (connecting && !connected && !over) {
                synchronize();
            }
            return connected || over ? finish() : -Errno.EAGAIN;
        }
    }

    private int finish() {
        connecting = false;
        if (connected) {
            return 0;
        }
        int failed = error != 0 ? error : Errno.ECONNABORTED;
        error = 0;
        over = false;
        shutdown = 0;
        disown();
        return -failed;
    }

    /** An unconnected socket again. */
    private void disown() {
        remote = null;
        if (!boundPort) {
            network().ports().free(this);
            local = InetAddress.any(family());
        } else if (!boundAddress) {
            local = InetAddress.any(family()).withPort(local.port());
        }
    }

    private int disconnect() {
        synchronized (network()) {
            if (connected) {
                reset();
            }
            connected = false;
            connecting = false;
            over = false;
            shutdown = 0;
            error = 0;
            peer = null;
            received.clear();
            disown();
        }
        return 0;
    }

    @Override
    public int listen(Task task, int some) {
        synchronized (network()) {
            if (connected || connecting) {
                return -Errno.EINVAL;
            }
            int failed = autobind();
            if (failed == 0 && !listening && network().ports().conflicts(this, local, true)) {
                failed = -Errno.EADDRINUSE;
            }
            if (failed != 0) {
                return failed;
            }
            listening = true;
            shutdown = 0;
            over = false;
            backlog = some;
            roomMade();
        }
        return 0;
    }

    @Override
    public boolean listening() {
        return listening;
    }

    @Override
    public Socket accept(int[] failure) {
        synchronized (network()) {
            if (!listening) {
                failure[0] = -Errno.EINVAL;
                return null;
            }
            failure[0] = -Errno.EAGAIN;
            TcpSocket first = pending.poll();
            if (first != null) {
                roomMade();
            }
            return first;
        }
    }

    @Override
    public byte[] peerName() {
        synchronized (network()) {
            return connected && !over ? super.peerName() : null;
        }
    }

    @Override
    public int send(Outgoing out, int flags) {
        synchronized (network()) {
            if (error != 0) {
                int failed = takeError();
                return failed == Errno.ECONNRESET && (shutdown & SEND_SHUTDOWN) != 0 && !over ? -Errno.EPIPE : -failed;
            }
            if ((shutdown & SEND_SHUTDOWN) != 0 || !connected && !connecting) {
                return -Errno.EPIPE;
            }
            if (!connected) {
                return -Errno.EAGAIN;
            }
            if (out.length() == 0) {
                return 0;
            }
            if (peer.over || peer.closedByProgram) {
                // the other end answers with RST
                fail(Errno.EPIPE);
                return out.length();
            }
            long room = Math.max(CAPACITY, sendBuffer() + peer.receiveBuffer()) - peer.received.bytes();
            if (room <= 0) {
                return -Errno.EAGAIN;
            }
            int count = (int) Math.min(room, out.length());
            if ((peer.shutdown & RCV_SHUTDOWN) == 0 || peer.finReceived) {
                peer.take(new Outgoing(out.data(), out.offset(), count, null, Ancillary.of(creator)), (flags & MSG_OOB) != 0);
            }
            return count;
        }
    }

    private void take(Outgoing out, boolean oob) {
        int count = out.length();
        if (oob && options().isSet(SO_OOBINLINE)) {
            mark = received.bytes() + count - 1;
        } else if (oob) {
            count--;
            urgent = out.data()[out.offset() + count] & 0xff;
            mark = received.bytes() + count;
        }
        if (count > 0) {
            received.append(out, count);
        }
        changed();
    }

    @Override
    public int receive(Incoming in, int flags) {
        if ((flags & MSG_ERRQUEUE) != 0) {
            return -Errno.EAGAIN;
        }
        synchronized (network()) {
            if (listening) {
                return -Errno.ENOTCONN;
            }
            if ((flags & MSG_OOB) != 0) {
                return receiveUrgent(in, flags);
            }
            int room = mark > 0 && mark < in.room ? (int) mark : in.room;
            Incoming part = room == in.room ? in : new Incoming(in.data, in.offset, room);
            int count = in.room == 0 ? (received.isEmpty() ? -Errno.EAGAIN : 0) : received.readStream(part, flags, false);
            in.ancillary = null;
            if (count > 0) {
                in.count = count;
                in.fullLength = count;
                if ((flags & MSG_PEEK) == 0) {
                    mark -= mark >= 0 ? count : 0;
                    mark = Math.max(mark, -1);
                    if (peer != null) {
                        peer.changed();
                    }
                }
                return count;
            }
            if (count == 0 || error != 0) {
                return count == 0 ? 0 : -takeError();
            }
            if ((shutdown & RCV_SHUTDOWN) != 0 || over) {
                return 0;
            }
            return connected || connecting ? -Errno.EAGAIN : -Errno.ENOTCONN;
        }
    }

    private int receiveUrgent(Incoming in, int flags) {
        if (options().isSet(SO_OOBINLINE) || urgent < 0) {
            return !options().isSet(SO_OOBINLINE) && connected && mark >= 0 ? -Errno.EAGAIN : -Errno.EINVAL;
        }
        if (in.room > 0) {
            in.data[in.offset] = (byte) urgent;
            in.count = 1;
            in.fullLength = 1;
        }
        in.flags |= in.room > 0 ? MSG_OOB : MSG_TRUNC;
        if ((flags & MSG_PEEK) == 0) {
            urgent = -1;
            mark = -1;
        }
        return in.count;
    }

    @Override
    public int shutdown(int how) {
        synchronized (network()) {
            if (listening) {
                if ((how & RCV_SHUTDOWN) != 0) {
                    stopListening().forEach(TcpSocket::reset);
                }
                return 0;
            }
            if (!connected || over) {
                shutdown |= how;
                return -Errno.ENOTCONN;
            }
            shutdown |= how;
            if ((how & SEND_SHUTDOWN) != 0) {
                finish(peer);
            }
            changed();
            peer.changed();
        }
        return 0;
    }

    /** Sends FIN. */
    private void finish(TcpSocket to) {
        to.finReceived = true;
        to.shutdown |= RCV_SHUTDOWN;
        if ((to.shutdown & SEND_SHUTDOWN) != 0 && finReceived) {
            over = true;
            to.over = true;
        }
        to.changed();
    }

    /** Sends RST. */
    private void reset() {
        if (peer != null && !peer.over) {
            peer.fail(peer.finReceived ? Errno.EPIPE : Errno.ECONNRESET);
        }
        over = true;
    }

    /** RST arrived. */
    private void fail(int reason) {
        error = reason;
        shutdown = SHUTDOWN_MASK;
        over = true;
        changed();
    }

    private List<TcpSocket> stopListening() {
        List<TcpSocket> nobodys = new ArrayList<>(pending);
        pending.clear();
        listening = false;
        roomMade();
        changed();
        return nobodys;
    }

    @Override
    public int poll() {
        synchronized (network()) {
            if (listening) {
                return pending.isEmpty() ? 0 : PollEvents.READABLE;
            }
            boolean idle = !connected && !connecting || over;
            int events = error != 0 ? PollEvents.POLLERR : 0;
            events |= shutdown == SHUTDOWN_MASK || idle ? PollEvents.POLLHUP : 0;
            events |= (shutdown & RCV_SHUTDOWN) != 0 ? PollEvents.READABLE | PollEvents.POLLRDHUP : 0;
            if (connecting && !connected && !over) {
                return events;
            }
            events |= received.isEmpty() ? 0 : PollEvents.READABLE;
            events |= urgent >= 0 ? PollEvents.POLLPRI : 0;
            boolean full = peer != null && (shutdown & SEND_SHUTDOWN) == 0 && 2 * peer.received.bytes() > Math.max(CAPACITY, sendBuffer() + peer.receiveBuffer());
            return full ? events : events | PollEvents.WRITABLE;
        }
    }

    @Override
    public long ioctl(Task task, int request, long argument) {
        if (request == SIOCATMARK) {
            synchronized (network()) {
                task.memory().put32(argument, mark == 0 ? 1 : 0);
            }
            return 0;
        }
        return super.ioctl(task, request, argument);
    }

    @Override
    public byte[] option(int level, int name, byte[] given) {
        if (level == SOL_TCP && name == TCP_INFO) {
            byte[] information = new byte[104];
            synchronized (network()) {
                information[0] = (byte) state();
            }
            return information;
        }
        if (level == SOL_TCP && name == TCP_CONGESTION) {
            return "cubic\0\0\0\0\0\0\0\0\0\0\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }
        return super.option(level, name, given);
    }

    @Override
    public int setOption(Task task, int level, int name, byte[] value) {
        if (level == SOL_TCP && name == TCP_CONGESTION) {
            String wanted = new String(value, java.nio.charset.StandardCharsets.US_ASCII).replace("\0", "");
            return wanted.equals("cubic") || wanted.equals("reno") ? 0 : -Errno.ENOENT;
        }
        if (level == SOL_TCP && name == TCP_ULP) {
            return -Errno.ENOENT;
        }
        return super.setOption(task, level, name, value);
    }

    private int state() {
        if (listening) {
            return LISTEN;
        }
        if (!connected) {
            return connecting ? SYN_SENT : CLOSE;
        }
        if (over) {
            return finReceived && error == 0 && (shutdown & SEND_SHUTDOWN) != 0 ? TIME_WAIT : CLOSE;
        }
        return finReceived ? CLOSE_WAIT : (shutdown & SEND_SHUTDOWN) != 0 ? FIN_WAIT2 : ESTABLISHED;
    }

    @Override
    protected void closed() {
        List<TcpSocket> nobodys;
        synchronized (network()) {
            network().ports().free(this);
            nobodys = stopListening();
            nobodys.forEach(TcpSocket::reset);
            closedByProgram = true;
            if (connected && !over) {
                if (!received.isEmpty() || options().lingersNotAtAll()) {
                    reset();
                } else if ((shutdown & SEND_SHUTDOWN) == 0) {
                    finish(peer);
                }
            }
            connecting = false;
            received.clear();
        }
        nobodys.forEach(socket -> socket.acquire().release());
    }
}
