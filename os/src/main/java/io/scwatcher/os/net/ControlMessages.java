package io.scwatcher.os.net;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What travels beside messages, as programs give and get it: {@code struct cmsghdr}, with lengths aligned to eight bytes (net/core/scm.c). */
final class ControlMessages {
    /** Length (8 bytes), level, type. */
    private static final int HEADER = 16;
    private static final int MAXIMUM = 1 << 16;

    private ControlMessages() {}

    /**
     * What a program wants to send.
     *
     * @return with a reference to each file
     * @throws SystemCallException EINVAL, EBADF, EPERM, ENOBUFS
     */
    static Ancillary read(Task task, Socket socket, long address, long length) {
        Ancillary.Sender sender = Ancillary.Sender.of(task);
        if (address == 0 || length < HEADER) {
            return Ancillary.of(sender);
        }
        if (length > MAXIMUM) {
            throw SystemCallException.of(Errno.ENOBUFS);
        }
        ByteBuffer in = ByteBuffer.wrap(task.memory().copyIn(address, (int) length)).order(ByteOrder.LITTLE_ENDIAN);
        List<FileDescription> files = new ArrayList<>();
        for (int at = 0; at + HEADER <= in.limit(); ) {
            long size = in.getLong(at);
            if (size < HEADER || size > in.limit() - at) {
                throw SystemCallException.of(Errno.EINVAL);
            }
            int data = (int) size - HEADER;
            if (in.getInt(at + 8) == SOL_SOCKET && socket.family() == AF_UNIX) {
                switch (in.getInt(at + 12)) {
                    case SCM_RIGHTS -> files(task, in, at + HEADER, data / 4, files);
                    case SCM_CREDENTIALS -> sender = sender(task, in, at + HEADER, data);
                    default -> throw SystemCallException.of(Errno.EINVAL);
                }
            }
            at += (int) (size + 7 & ~7);
        }
        files.forEach(FileDescription::acquire);
        return new Ancillary(List.copyOf(files), sender);
    }

    private static void files(Task task, ByteBuffer in, int at, int count, List<FileDescription> files) {
        if (files.size() + count > SCM_MAX_FD) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        for (int i = 0; i < count; i++) {
            files.add(task.files().getAny(in.getInt(at + 4 * i)));
        }
    }

    private static Ancillary.Sender sender(Task task, ByteBuffer in, int at, int length) {
        if (length != 12) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        Ancillary.Sender claimed = new Ancillary.Sender(in.getInt(at), in.getInt(at + 4), in.getInt(at + 8));
        Credentials who = task.credentials();
        boolean pid = claimed.pid() == task.group().id() || who.has(Credentials.CAP_SYS_ADMIN);
        boolean uid = claimed.uid() == who.uid() || claimed.uid() == who.euid() || claimed.uid() == who.suid() || who.has(Credentials.CAP_SETUID);
        boolean gid = claimed.gid() == who.gid() || claimed.gid() == who.egid() || claimed.gid() == who.sgid() || who.has(Credentials.CAP_SETGID);
        if (!pid || !uid || !gid) {
            throw SystemCallException.of(Errno.EPERM);
        }
        return claimed;
    }

    /**
     * Gives a program what came beside a message.
     *
     * @param room bytes at {@code address}
     * @param flags MSG_CMSG_CLOEXEC
     * @param outFlags gets MSG_CTRUNC where there was too little room
     * @return bytes used
     */
    static int write(Task task, Socket socket, Ancillary ancillary, long address, long room, int flags, int[] outFlags) {
        UserMemory memory = task.memory();
        int used = 0;
        if (ancillary != null && socket.family() == AF_UNIX && socket.options().isSet(SO_PASSCRED)) {
            Ancillary.Sender sender = ancillary.sender();
            ByteBuffer message = ByteBuffer.allocate(HEADER + 12).order(ByteOrder.LITTLE_ENDIAN);
            message.putLong(HEADER + 12).putInt(SOL_SOCKET).putInt(SCM_CREDENTIALS).putInt(sender.pid()).putInt(sender.uid()).putInt(sender.gid());
            if (room < HEADER + 12) {
                outFlags[0] |= MSG_CTRUNC;
            }
            if (room >= HEADER) {
                int length = (int) Math.min(room, HEADER + 12);
                message.putLong(0, length);
                memory.copyOut(address, message.array(), 0, length);
                used = (int) Math.min(room, HEADER + 16);
            }
        }
        if (ancillary == null || ancillary.files().isEmpty()) {
            return used;
        }
        return used + files(task, ancillary.files(), address + used, room - used, flags, outFlags);
    }

    private static int files(Task task, List<FileDescription> files, long address, long room, int flags, int[] outFlags) {
        int fit = (int) Math.clamp((room - HEADER) / 4, 0, files.size());
        int installed = 0;
        try {
            for (; installed < fit; installed++) {
                int fd = task.files().install(files.get(installed), (flags & MSG_CMSG_CLOEXEC) != 0);
                task.memory().put32(address + HEADER + 4L * installed, fd);
            }
        } catch (SystemCallException _) {
            outFlags[0] |= MSG_CTRUNC;
        }
        if (fit < files.size()) {
            outFlags[0] |= MSG_CTRUNC;
        }
        if (installed == 0) {
            return 0;
        }
        int length = HEADER + 4 * installed;
        task.memory().put64(address, length);
        task.memory().put32(address + 8, SOL_SOCKET);
        task.memory().put32(address + 12, SCM_RIGHTS);
        return (int) Math.min(room, length + 7 & ~7);
    }
}
