package io.scwatcher.os.net.unix;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.Opening;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.net.Ancillary;
import io.scwatcher.os.net.Socket;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What Unix sockets of all types have in common: names and peers (unix(7); net/unix/af_unix.c, 6.12). */
public abstract class UnixSocket extends Socket {
    /** struct sockaddr_un: family and up to 108 bytes of path. */
    private static final int FAMILY_SIZE = 2, PATH_SIZE = 108;
    private static final byte[] UNNAMED = {AF_UNIX, 0};

    private byte[] address = UNNAMED;
    private String abstractName;
    private Inode file;

    /** The socket at the other end, or where datagrams go to. */
    UnixSocket peer;
    /** SO_PEERCRED. */
    Ancillary.Sender peerCredentials = new Ancillary.Sender(0, -1, -1);
    boolean dead;

    UnixSocket(Kind kind) {
        super(kind);
    }

    private static void check(byte[] address) {
        if (address.length <= FAMILY_SIZE || address.length > FAMILY_SIZE + PATH_SIZE || address[0] != AF_UNIX || address[1] != 0) {
            throw SystemCallException.of(Errno.EINVAL);
        }
    }

    private static boolean isAbstract(byte[] address) {
        return address[FAMILY_SIZE] == 0;
    }

    private static String abstractName(byte[] address) {
        return new String(address, FAMILY_SIZE + 1, address.length - FAMILY_SIZE - 1, StandardCharsets.ISO_8859_1);
    }

    /** The path, which needs no NUL at its end. */
    private static String path(byte[] address) {
        int end = FAMILY_SIZE;
        while (end < address.length && address[end] != 0) {
            end++;
        }
        return new String(address, FAMILY_SIZE, end - FAMILY_SIZE, StandardCharsets.ISO_8859_1);
    }

    @Override
    public int bind(Task task, byte[] wanted) {
        if (wanted.length == FAMILY_SIZE && wanted[0] == AF_UNIX) {
            return autobind();
        }
        check(wanted);
        if (!isAbstract(wanted)) {
            return bindToFile(task, wanted);
        }
        synchronized (network()) {
            if (address != UNNAMED) {
                return -Errno.EINVAL;
            }
            String name = abstractName(wanted);
            if (!network().unixNames().takeAbstract(name, this)) {
                return -Errno.EADDRINUSE;
            }
            abstractName = name;
            address = wanted.clone();
        }
        return 0;
    }

    /** Gives it an abstract name if it has none. */
    final int autobind() {
        synchronized (network()) {
            if (address != UNNAMED) {
                return 0;
            }
            String name = network().unixNames().takeAutomatic(this);
            if (name == null) {
                return -Errno.ENOSPC;
            }
            abstractName = name;
            address = ("\1\0\0" + name).getBytes(StandardCharsets.ISO_8859_1);
        }
        return 0;
    }

    private int bindToFile(Task task, byte[] wanted) {
        String path = path(wanted);
        PathWalk walk = new PathWalk(task);
        int error = walk.resolve(OpenFlags.AT_FDCWD, path, PathWalk.PARENT);
        if (error != 0) {
            return error;
        }
        if (walk.last() == null || walk.last().equals(".") || walk.last().equals("..")) {
            return -Errno.EADDRINUSE;
        }
        if (walk.trailingSlash()) {
            return -Errno.ENOENT;
        }
        if (walk.child() != null) {
            return -Errno.EADDRINUSE;
        }
        error = Opening.mayCreate(walk, task.credentials());
        if (error != 0) {
            return error;
        }
        Dentry made;
        try {
            made = walk.inode().create(walk.dentry(), walk.last(), FileType.SOCKET, 0777 & ~task.fsContext().umask(), 0, task.credentials());
        } catch (SystemCallException e) {
            return e.errno() == Errno.EEXIST ? -Errno.EADDRINUSE : -e.errno();
        }
        synchronized (network()) {
            if (address == UNNAMED) {
                file = made.inode();
                network().unixNames().takeFile(file, this);
                address = ("\1\0" + path + "\0").getBytes(StandardCharsets.ISO_8859_1);
                return 0;
            }
        }
        walk.inode().unlink(walk.dentry(), made, false);
        return -Errno.EINVAL;
    }

    /**
     * The socket of that name. Not with the network's lock held.
     *
     * @throws SystemCallException EINVAL, ECONNREFUSED, EPROTOTYPE, EACCES and what looking up a path fails with
     */
    final UnixSocket find(Task task, byte[] wanted) {
        check(wanted);
        UnixSocket found;
        if (isAbstract(wanted)) {
            synchronized (network()) {
                found = network().unixNames().abstractSocket(abstractName(wanted));
            }
        } else {
            PathWalk walk = new PathWalk(task);
            int error = walk.resolve(OpenFlags.AT_FDCWD, path(wanted), PathWalk.FOLLOW);
            if (error == 0) {
                error = walk.inode().permission(task.credentials(), Permissions.WRITE);
            }
            if (error != 0) {
                throw SystemCallException.of(-error);
            }
            synchronized (network()) {
                found = network().unixNames().fileSocket(walk.inode());
            }
        }
        if (found == null) {
            throw SystemCallException.of(Errno.ECONNREFUSED);
        }
        if (found.type() != type()) {
            throw SystemCallException.of(Errno.EPROTOTYPE);
        }
        return found;
    }

    final byte[] address() {
        return address;
    }

    final boolean named() {
        return address != UNNAMED;
    }

    /** The connection has its listener's name. */
    final void takeName(UnixSocket listener) {
        address = listener.address;
    }

    @Override
    public byte[] name() {
        synchronized (network()) {
            return address;
        }
    }

    @Override
    public byte[] peerName() {
        synchronized (network()) {
            return peer == null ? null : peer.address;
        }
    }

    @Override
    public int setOption(Task task, int level, int name, byte[] value) {
        return level == SOL_SOCKET ? super.setOption(task, level, name, value) : -Errno.EOPNOTSUPP;
    }

    @Override
    public byte[] option(int level, int name, byte[] given) {
        if (level != SOL_SOCKET) {
            throw SystemCallException.of(Errno.EOPNOTSUPP);
        }
        if (level == SOL_SOCKET && name == SO_PEERCRED) {
            synchronized (network()) {
                byte[] value = new byte[12];
                int[] words = {peerCredentials.pid(), peerCredentials.uid(), peerCredentials.gid()};
                for (int i = 0; i < 3; i++) {
                    System.arraycopy(io.scwatcher.os.net.SocketOptions.bytes(words[i]), 0, value, 4 * i, 4);
                }
                return value;
            }
        }
        if (level == SOL_SOCKET && name == SO_PEERNAME) {
            return peerName();
        }
        return super.option(level, name, given);
    }

    @Override
    protected final void closed() {
        List<Ancillary> left;
        List<Socket> closing;
        synchronized (network()) {
            dead = true;
            network().unixNames().free(abstractName, file);
            closing = detach();
            left = received.clear();
            roomMade();
            changed();
        }
        left.forEach(Ancillary::release);
        closing.forEach(socket -> socket.acquire().release());
    }

    /** The peer learns that it is gone. With the lock held. @return connections that nobody accepted: they are to be closed */
    abstract List<Socket> detach();
}
