package io.scwatcher.os.net;

import static io.scwatcher.os.net.SocketAbi.*;
import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.FD_PAIR;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Argument.oneOf;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.call.Transfers;
import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;
import java.util.Arrays;
import java.util.function.IntSupplier;

/** System calls on sockets but for sending and receiving, which are {@link MessageCalls} (net/socket.c). */
public final class SocketCalls {
    private static final int STORAGE = 128;
    private static final int MAX_OPTION = 1 << 16;
    private static final Argument FAMILY = oneOf("AF_UNSPEC", "AF_UNIX", "AF_INET", null, null, null, null, null, null, null, "AF_INET6", null, null, null, null, null, "AF_NETLINK",
            "AF_PACKET");
    private static final String LOOPBACK_ONLY = "Internet sockets reach the layer's own processes only";

    private SocketCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(41, "socket", args(FAMILY, HEX, INT), PARTIAL, LOOPBACK_ONLY + "; raw and packet sockets receive nothing", (task, family, type, protocol, _, _, _) ->
                socket(task, (int) family, (int) type, (int) protocol));
        table.call(53, "socketpair", args(FAMILY, HEX, INT, FD_PAIR), FULL, (task, family, type, protocol, out, _, _) ->
                pair(task, (int) family, (int) type, (int) protocol, out));
        table.call(49, "bind", args(FD, POINTER, INT), FULL, (task, fd, address, length, _, _, _) -> {
            Socket socket = socket(task, fd);
            return socket.bind(task, address(task, address, (int) length));
        });
        table.call(42, "connect", args(FD, POINTER, INT), PARTIAL, LOOPBACK_ONLY, (task, fd, address, length, _, _, _) ->
                connect(task, socket(task, fd), address(task, address, (int) length)));
        table.call(50, "listen", args(FD, INT), FULL, (task, fd, backlog, _, _, _, _) -> {
            int some = (int) backlog;
            return socket(task, fd).listen(task, some < 0 || some > SOMAXCONN ? SOMAXCONN : some);
        });
        table.call(43, "accept", args(FD, POINTER, POINTER), FULL, (task, fd, address, length, _, _, _) -> accept(task, socket(task, fd), address, length, 0));
        table.call(288, "accept4", args(FD, POINTER, POINTER, HEX), FULL, (task, fd, address, length, flags, _, _) ->
                accept(task, socket(task, fd), address, length, (int) flags));
        table.call(51, "getsockname", args(FD, POINTER, POINTER), FULL, (task, fd, address, length, _, _, _) -> {
            storeAddress(task, socket(task, fd).name(), address, length);
            return 0;
        });
        table.call(52, "getpeername", args(FD, POINTER, POINTER), FULL, (task, fd, address, length, _, _, _) -> {
            byte[] name = socket(task, fd).peerName();
            if (name == null) {
                return -Errno.ENOTCONN;
            }
            storeAddress(task, name, address, length);
            return 0;
        });
        table.call(48, "shutdown", args(FD, oneOf("SHUT_RD", "SHUT_WR", "SHUT_RDWR")), FULL, (task, fd, how, _, _, _, _) -> {
            Socket socket = socket(task, fd);
            return how < SHUT_RD || how > SHUT_RDWR ? -Errno.EINVAL : socket.shutdown((int) how + 1);
        });
        table.call(54, "setsockopt", args(FD, INT, INT, POINTER, INT), PARTIAL, "most options are remembered only", (task, fd, level, name, value, length, _) -> {
            Socket socket = socket(task, fd);
            if ((int) length < 0) {
                return -Errno.EINVAL;
            }
            return socket.setOption(task, (int) level, (int) name, task.memory().copyIn(value, Math.min((int) length, MAX_OPTION)));
        });
        table.call(55, "getsockopt", args(FD, INT, INT, POINTER, POINTER), PARTIAL, "most options are remembered only", (task, fd, level, name, value, length, _) ->
                option(task, socket(task, fd), (int) level, (int) name, value, length));
    }

    /** @throws SystemCallException EBADF, ENOTSOCK */
    static Socket socket(Task task, long fd) {
        FileDescription file = task.files().get((int) fd);
        if (file instanceof Socket socket) {
            return socket;
        }
        throw SystemCallException.of(Errno.ENOTSOCK);
    }

    /** A socket address that the program gives. @throws SystemCallException EINVAL, EFAULT */
    static byte[] address(Task task, long address, int length) {
        if (length < 0 || length > STORAGE) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        return task.memory().copyIn(address, length);
    }

    /** As much of an address as there is room for, and its real length ({@code move_addr_to_user}). @param length where both are kept */
    static void storeAddress(Task task, byte[] name, long address, long length) {
        int room = task.memory().get32(length);
        if (room < 0) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        task.memory().copyOut(address, name, 0, Math.min(room, name.length));
        task.memory().put32(length, name.length);
    }

    /** Tries, and waits on the socket's own queue and tries again. */
    static int await(Task task, Socket socket, boolean waits, boolean sending, IntSupplier attempt) {
        int result = attempt.getAsInt();
        if (result != -Errno.EAGAIN || !waits || socket.nonBlocking()) {
            return result;
        }
        long deadline = socket.options().deadline(sending);
        result = Transfers.await(task, socket, socket.waitQueue(), deadline, attempt);
        return result == -Errno.ERESTARTSYS && deadline != Task.NEVER ? -Errno.EINTR : result;
    }

    private static long socket(Task task, int family, int type, int protocol) {
        checkType(type);
        Socket socket = task.layer().network().create(task, family, type & SOCK_TYPE_MASK, protocol);
        socket.changeFlags(type & SOCK_NONBLOCK);
        return task.files().install(socket, (type & SOCK_CLOEXEC) != 0);
    }

    private static void checkType(int type) {
        if ((type & ~(SOCK_TYPE_MASK | SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) {
            throw SystemCallException.of(Errno.EINVAL);
        }
    }

    private static long pair(Task task, int family, int type, int protocol, long out) {
        checkType(type);
        Socket[] pair = task.layer().network().pair(task, family, type & SOCK_TYPE_MASK, protocol);
        int[] fds = {-1, -1};
        try {
            for (int i = 0; i < 2; i++) {
                pair[i].changeFlags(type & SOCK_NONBLOCK);
                fds[i] = task.files().install(pair[i], (type & SOCK_CLOEXEC) != 0);
                task.memory().put32(out + 4 * i, fds[i]);
            }
        } catch (SystemCallException e) {
            for (int i = 0; i < 2; i++) {
                if (fds[i] >= 0) {
                    task.files().remove(fds[i]).release();
                } else {
                    pair[i].acquire().release();
                }
            }
            throw e;
        }
        return 0;
    }

    private static long connect(Task task, Socket socket, byte[] address) {
        int result = await(task, socket, true, true, () -> socket.connect(task, address));
        if (result != -Errno.EINPROGRESS || socket.nonBlocking()) {
            return result;
        }
        result = await(task, socket, true, true, socket::connected);
        return result == -Errno.EAGAIN ? -Errno.EINPROGRESS : result;
    }

    private static long accept(Task task, Socket listener, long address, long length, int flags) {
        if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        Socket[] accepted = new Socket[1];
        int[] failure = new int[1];
        int result = await(task, listener, true, false, () -> {
            accepted[0] = listener.accept(failure);
            return accepted[0] != null ? 0 : failure[0];
        });
        if (result != 0) {
            return result;
        }
        Socket socket = accepted[0];
        socket.acquire();
        try {
            byte[] name = socket.peerName();
            if (address != 0) {
                storeAddress(task, name == null ? new byte[0] : name, address, length);
            }
            socket.changeFlags(flags & SOCK_NONBLOCK);
            return task.files().install(socket, (flags & SOCK_CLOEXEC) != 0);
        } finally {
            socket.release();
        }
    }

    private static long option(Task task, Socket socket, int level, int name, long value, long length) {
        int room = task.memory().get32(length);
        if (room < 0) {
            return -Errno.EINVAL;
        }
        byte[] given = new byte[Math.min(room, MAX_OPTION)];
        task.memory().tryCopyIn(value, given, 0, given.length);
        byte[] found = socket.option(level, name, given);
        if (found == null) {
            return -Errno.ENOPROTOOPT;
        }
        byte[] stored = Arrays.copyOf(found, Math.min(found.length, room));
        task.memory().copyOut(value, stored);
        task.memory().put32(length, stored.length);
        return 0;
    }
}
