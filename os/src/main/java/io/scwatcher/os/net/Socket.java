package io.scwatcher.os.net;

import static io.scwatcher.os.net.SocketAbi.SO_RCVBUF;
import static io.scwatcher.os.net.SocketAbi.SO_SNDBUF;
import static io.scwatcher.os.net.SocketAbi.SOL_SOCKET;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.AnonymousInodes;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.WaitQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket of any family (struct socket and struct sock). Addresses are {@code struct sockaddr} as programs give and get them. No method blocks: what would have to wait
 * returns {@code -EAGAIN}. All state of all sockets of a layer is guarded by one lock, the {@link Network}; whoever holds it may take the lock of the process table and those of wait
 * queues, and closes no file.
 */
public abstract class Socket extends FileDescription {
    private static final int FIONREAD = 0x541b, SIOCOUTQ = 0x5411;
    private static final int MODE = 0140777;

    private final Network network;
    private final int family;
    private final int type;
    private final int protocol;
    private final long inode = AnonymousInodes.next();
    private final long time = System.currentTimeMillis() * 1_000_000;
    private final int uid;
    private final int gid;
    private final WaitQueue queue = new WaitQueue();
    private final SocketOptions options = new SocketOptions();
    private final List<Socket> waitingForRoom = new ArrayList<>(0);

    /** Of who made it. */
    protected final Ancillary.Sender creator;
    protected final ReceiveQueue received;
    /** RCV_SHUTDOWN, SEND_SHUTDOWN. */
    protected int shutdown;
    /** What the next call fails with: {@code sk_err}; 0 for nothing. */
    protected int error;

    /** What a socket is when it is made. */
    public record Kind(Network network, int family, int type, int protocol, Ancillary.Sender creator) {}

    protected Socket(Kind kind) {
        super(null, OpenFlags.O_RDWR);
        this.network = kind.network;
        this.received = new ReceiveQueue(kind.network.memory());
        this.family = kind.family;
        this.type = kind.type;
        this.protocol = kind.protocol;
        this.creator = kind.creator;
        this.uid = kind.creator.uid();
        this.gid = kind.creator.gid();
    }

    public final Network network() {
        return network;
    }

    public final int family() {
        return family;
    }

    /** SOCK_STREAM and so on. */
    public final int type() {
        return type;
    }

    public final int protocol() {
        return protocol;
    }

    public final int ownerId() {
        return uid;
    }

    @Override
    public final long deadline(boolean writing) {
        return options.deadline(writing);
    }

    public final SocketOptions options() {
        return options;
    }

    public final long inodeNumber() {
        return inode;
    }

    @Override
    public final WaitQueue waitQueue() {
        return queue;
    }

    /** bind(2). */
    public abstract int bind(Task task, byte[] address);

    /** connect(2). @return 0, an error, {@code -EAGAIN} to wait and call again, or {@code -EINPROGRESS} to wait and ask {@link #connected} */
    public abstract int connect(Task task, byte[] address);

    /** The end of a connect(2) that was in progress. @return 0, an error, or {@code -EAGAIN} */
    public int connected() {
        return 0;
    }

    /** listen(2). */
    public int listen(Task task, int backlog) {
        return -Errno.EOPNOTSUPP;
    }

    public boolean listening() {
        return false;
    }

    /** A connection that came in, or null with the reason in {@code failure}. */
    public Socket accept(int[] failure) {
        failure[0] = -Errno.EOPNOTSUPP;
        return null;
    }

    /** getsockname(2). */
    public abstract byte[] name();

    /** getpeername(2), or null if it is not connected. */
    public abstract byte[] peerName();

    /** Sends. @param flags MSG_*  @return bytes taken, {@code -EAGAIN} or an error */
    public abstract int send(Outgoing out, int flags);

    /**
     * What of sending needs to know who sends, and may take other locks, before {@link #send}: finding a Unix socket by its path.
     *
     * @throws io.scwatcher.os.syscall.SystemCallException what makes sending impossible
     */
    public Outgoing prepare(Task task, Outgoing out) {
        return out;
    }

    /** Receives. @return bytes put into {@code in}, {@code -EAGAIN} or an error */
    public abstract int receive(Incoming in, int flags);

    /** shutdown(2). @param how bits RCV_SHUTDOWN, SEND_SHUTDOWN */
    public int shutdown(int how) {
        return -Errno.EOPNOTSUPP;
    }

    /** Whether messages keep their boundaries. */
    public boolean keepsBoundaries() {
        return type != SocketAbi.SOCK_STREAM;
    }

    /** setsockopt(2). */
    public int setOption(Task task, int level, int name, byte[] value) {
        synchronized (network) {
            return options.set(task, level, name, value);
        }
    }

    /** getsockopt(2): the value, or null if there is no such option. @param given the room that the program has, filled with what is there now */
    public byte[] option(int level, int name, byte[] given) {
        synchronized (network) {
            return options.get(level, name, this);
        }
    }

    /** SO_ERROR: the error, which is forgotten. */
    public final int takeError() {
        synchronized (network) {
            int taken = error;
            error = 0;
            return taken;
        }
    }

    protected final int sendBuffer() {
        return options.get(SOL_SOCKET, SO_SNDBUF);
    }

    protected final int receiveBuffer() {
        return options.get(SOL_SOCKET, SO_RCVBUF);
    }

    /** Wakes who waits for this socket. */
    protected final void changed() {
        queue.wakeAll();
    }

    /** Somebody finds no room here and sleeps on its own queue until {@link #roomMade}. */
    protected final void waitForRoom(Socket who) {
        if (!waitingForRoom.contains(who)) {
            waitingForRoom.add(who);
        }
    }

    /** There is room again, or never will be. */
    protected final void roomMade() {
        if (!waitingForRoom.isEmpty()) {
            waitingForRoom.forEach(Socket::changed);
            waitingForRoom.clear();
        }
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        Incoming in = new Incoming(to, offset, length);
        int count = receive(in, 0);
        if (in.ancillary != null) {
            in.ancillary.release();
        }
        return count;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return network.memory().exhausted() ? -Errno.ENOBUFS : send(new Outgoing(from, offset, length, null, Ancillary.of(creator)), 0);
    }

    @Override
    public FileStatus status() {
        return AnonymousInodes.status(network.view().socketDevice(), inode, MODE, uid, gid, time);
    }

    @Override
    public String linkText(Location root) {
        return "socket:[" + inode + "]";
    }

    @Override
    public long ioctl(Task task, int request, long argument) {
        switch (request) {
            case FIONREAD -> {
                synchronized (network) {
                    if (listening()) {
                        return -Errno.EINVAL;
                    }
                    task.memory().put32(argument, type == SocketAbi.SOCK_DGRAM || type == SocketAbi.SOCK_RAW ? received.next() : (int) received.bytes());
                }
                return 0;
            }
            case SIOCOUTQ -> {
                task.memory().put32(argument, 0);
                return 0;
            }
            default -> {
                return InterfaceRequests.ioctl(task, this, request, argument);
            }
        }
    }
}
