package io.scwatcher.os.net;

import static io.scwatcher.os.net.SocketAbi.*;
import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.IN_BUFFER;
import static io.scwatcher.os.syscall.Argument.OUT_BUFFER;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.TIMESPEC;
import static io.scwatcher.os.syscall.Argument.UNSIGNED;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.fs.call.IoVectors;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;

/** Sending and receiving on sockets: sendto, recvfrom, sendmsg, recvmsg and the calls for several messages (net/socket.c). */
public final class MessageCalls {
    /** What is copied at once: more than any datagram has. */
    private static final int CHUNK = 1 << 18;
    private static final int MAX_MESSAGES = 1024;
    /** struct mmsghdr: struct msghdr and a length. */
    private static final int MMSGHDR = 64;

    private MessageCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(44, "sendto", args(FD, IN_BUFFER, SIZE, HEX, POINTER, INT), FULL, (task, fd, buffer, length, flags, address, addressLength) -> {
            Socket socket = SocketCalls.socket(task, fd);
            byte[] to = address == 0 ? null : SocketCalls.address(task, address, (int) addressLength);
            return send(task, socket, IoVectors.of(task.memory(), buffer, length), to, Ancillary.of(Ancillary.Sender.of(task)), (int) flags);
        });
        table.call(45, "recvfrom", args(FD, OUT_BUFFER, SIZE, HEX, POINTER, POINTER), FULL, (task, fd, buffer, length, flags, address, addressLength) -> {
            Socket socket = SocketCalls.socket(task, fd);
            Received received = receive(task, socket, IoVectors.of(task.memory(), buffer, length), (int) flags);
            received.dropFiles((int) flags);
            if (received.result >= 0 && address != 0) {
                SocketCalls.storeAddress(task, received.from == null ? new byte[0] : received.from, address, addressLength);
            }
            return received.result;
        });
        table.call(46, "sendmsg", args(FD, POINTER, HEX), FULL, (task, fd, header, flags, _, _, _) ->
                sendMessage(task, SocketCalls.socket(task, fd), MessageHeader.read(task, header), (int) flags));
        table.call(47, "recvmsg", args(FD, POINTER, HEX), FULL, (task, fd, header, flags, _, _, _) ->
                receiveMessage(task, SocketCalls.socket(task, fd), MessageHeader.read(task, header), (int) flags));
        table.call(307, "sendmmsg", args(FD, POINTER, UNSIGNED, HEX), FULL, (task, fd, headers, count, flags, _, _) ->
                sendMessages(task, SocketCalls.socket(task, fd), headers, (int) count, (int) flags));
        table.call(299, "recvmmsg", args(FD, POINTER, UNSIGNED, HEX, TIMESPEC), FULL, (task, fd, headers, count, flags, timeout, _) ->
                receiveMessages(task, SocketCalls.socket(task, fd), headers, (int) count, (int) flags, timeout));
    }

    private static long sendMessages(Task task, Socket socket, long headers, int count, int flags) {
        int done = 0;
        int wanted = Integer.compareUnsigned(count, MAX_MESSAGES) > 0 ? MAX_MESSAGES : count;
        while (done < wanted) {
            long at = headers + (long) done * MMSGHDR;
            try {
                long sent = sendMessage(task, socket, MessageHeader.read(task, at), flags);
                if (sent < 0) {
                    return done > 0 ? done : sent;
                }
                task.memory().put32(at + MessageHeader.SIZE, (int) sent);
            } catch (SystemCallException e) {
                return done > 0 ? done : -e.errno();
            }
            done++;
        }
        return done;
    }

    private static long receiveMessages(Task task, Socket socket, long headers, int count, int flags, long timeout) {
        long deadline = timeout == 0 ? Task.NEVER : System.nanoTime() + task.memory().get64(timeout) * 1_000_000_000 + task.memory().get64(timeout + 8);
        int done = 0;
        int wanted = Integer.compareUnsigned(count, MAX_MESSAGES) > 0 ? MAX_MESSAGES : count;
        while (done < wanted) {
            long at = headers + (long) done * MMSGHDR;
            int now = done > 0 && (flags & MSG_WAITFORONE) != 0 ? flags | MSG_DONTWAIT : flags;
            try {
                long got = receiveMessage(task, socket, MessageHeader.read(task, at), now & ~MSG_WAITFORONE);
                if (got < 0) {
                    return done > 0 ? done : got;
                }
                task.memory().put32(at + MessageHeader.SIZE, (int) got);
            } catch (SystemCallException e) {
                return done > 0 ? done : -e.errno();
            }
            done++;
            if (System.nanoTime() - deadline >= 0 && deadline != Task.NEVER) {
                break;
            }
        }
        return done;
    }

    private static long sendMessage(Task task, Socket socket, MessageHeader header, int flags) {
        byte[] to = header.nameLength() == 0 || header.name() == 0 ? null : SocketCalls.address(task, header.name(), Math.min(header.nameLength(), 128));
        IoVectors data = IoVectors.read(task.memory(), header.vectors(), header.vectorCount());
        Ancillary ancillary = ControlMessages.read(task, socket, header.control(), header.controlLength());
        return send(task, socket, data, to, ancillary, flags);
    }

    /** The reference to each file goes to the socket, or is given back. */
    private static long send(Task task, Socket socket, IoVectors data, byte[] to, Ancillary ancillary, int flags) {
        long done = 0;
        try {
            boolean whole = socket.keepsBoundaries();
            if (whole && data.left() > CHUNK) {
                return -Errno.EMSGSIZE;
            }
            byte[] buffer = new byte[(int) Math.min(data.left(), CHUNK)];
            do {
                int wanted = (int) Math.min(buffer.length, data.left());
                int taken = data.take(buffer, 0, wanted);
                if (taken < wanted && (whole || taken == 0)) {
                    return done > 0 ? done : -Errno.EFAULT;
                }
                Outgoing out = new Outgoing(buffer, 0, taken, to, done == 0 ? ancillary : Ancillary.of(ancillary.sender()));
                long sent = sendAll(task, socket, out, flags);
                if (sent < 0) {
                    if (sent == -Errno.EPIPE && done == 0 && (flags & MSG_NOSIGNAL) == 0 && !(whole && socket.type() != SOCK_SEQPACKET)) {
                        Signals.raise(task, Signal.SIGPIPE);
                    }
                    return done > 0 ? done : sent;
                }
                done += sent;
                if (sent > 0 || whole) {
                    ancillary = Ancillary.of(ancillary.sender());
                }
                if (sent < taken) {
                    break;
                }
            } while (data.left() > 0);
            return done;
        } finally {
            if (!ancillary.files().isEmpty()) {
                ancillary.release();
            }
        }
    }

    private static long sendAll(Task task, Socket socket, Outgoing all, int flags) {
        if (task.layer().kernelMemory().exhausted()) {
            return -Errno.ENOBUFS;
        }
        Outgoing prepared = socket.prepare(task, all);
        int done = 0;
        do {
            Outgoing rest = prepared.from(done);
            int count = SocketCalls.await(task, socket, (flags & MSG_DONTWAIT) == 0, true, () -> socket.send(rest, flags));
            if (count < 0) {
                return done > 0 ? done : count;
            }
            done += count;
        } while (done < all.length());
        return done;
    }

    /** What a receiving call got. */
    private static final class Received {
        long result;
        byte[] from;
        Ancillary ancillary;
        int flags;

        /** The caller can't take files. */
        void dropFiles(int callFlags) {
            if (ancillary != null && (callFlags & MSG_PEEK) == 0) {
                ancillary.release();
            }
        }
    }

    private static long receiveMessage(Task task, Socket socket, MessageHeader header, int flags) {
        IoVectors data = IoVectors.read(task.memory(), header.vectors(), header.vectorCount());
        Received received = receive(task, socket, data, flags);
        try {
            if (received.result < 0) {
                return received.result;
            }
            int[] outFlags = {received.flags | flags & MSG_CMSG_CLOEXEC};
            int control = ControlMessages.write(task, socket, received.ancillary, header.control(), header.control() == 0 ? 0 : header.controlLength(), flags, outFlags);
            if (header.name() != 0) {
                byte[] name = received.from == null ? new byte[0] : received.from;
                task.memory().copyOut(header.name(), name, 0, Math.min(name.length, header.nameLength()));
                header.storeNameLength(task, name.length);
            }
            header.storeResult(task, control, outFlags[0]);
            return received.result;
        } finally {
            received.dropFiles(flags);
        }
    }

    private static Received receive(Task task, Socket socket, IoVectors to, int flags) {
        Received received = new Received();
        boolean waits = (flags & MSG_DONTWAIT) == 0;
        boolean all = (flags & (MSG_WAITALL | MSG_PEEK)) == MSG_WAITALL && !socket.keepsBoundaries();
        byte[] buffer = new byte[(int) Math.min(to.left(), CHUNK)];
        while (true) {
            int room = (int) Math.min(buffer.length, to.left());
            Incoming[] in = new Incoming[1];
            int result = SocketCalls.await(task, socket, waits, false, () -> socket.receive(in[0] = new Incoming(buffer, 0, room), flags));
            if (result < 0) {
                received.result = received.result > 0 ? received.result : result;
                return received;
            }
            Incoming got = in[0];
            int copied = to.put(buffer, 0, got.count);
            if (received.ancillary == null || got.ancillary != null && !got.ancillary.files().isEmpty()) {
                received.ancillary = got.ancillary;
                received.from = got.from;
            }
            received.flags |= got.flags;
            if (copied < got.count) {
                received.result = received.result > 0 ? received.result : -Errno.EFAULT;
                return received;
            }
            received.result += (flags & MSG_TRUNC) != 0 && socket.keepsBoundaries() ? got.fullLength : got.count;
            boolean files = got.ancillary != null && !got.ancillary.files().isEmpty();
            boolean more = (flags & MSG_PEEK) == 0 && !socket.keepsBoundaries() && to.left() > 0 && got.count > 0 && !files;
            if (!more || !all && got.count < room) {
                return received;
            }
            waits = all && waits;
        }
    }
}
