package io.scwatcher.os.net.inet;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.net.Incoming;
import io.scwatcher.os.net.Outgoing;
import io.scwatcher.os.net.Socket;
import io.scwatcher.os.task.Task;
import java.util.Arrays;

/** A raw, ping or packet socket: it can be opened, and nothing ever comes or goes. Programs ask such sockets about interfaces. */
public final class SilentSocket extends Socket {
    private static final int MAX_NAME = 28, PACKET_NAME = 20;

    private byte[] name;
    private byte[] peer;

    public SilentSocket(Kind kind) {
        super(kind);
        name = new byte[family() == AF_INET ? InetAddress.SIZE4 : family() == AF_INET6 ? InetAddress.SIZE6 : PACKET_NAME];
        name[0] = (byte) family();
        for (int option = 0; option < 64; option++) {
            options().declare(family() == AF_PACKET ? SOL_PACKET : SOL_IP, option, 0);
            options().declare(family() == AF_INET6 ? SOL_IPV6 : SOL_RAW, option, 0);
        }
    }

    @Override
    public int bind(Task task, byte[] address) {
        if (address.length < name.length - 4 || address.length > MAX_NAME + 100) {
            return -Errno.EINVAL;
        }
        synchronized (network()) {
            name = Arrays.copyOf(address, name.length);
        }
        return 0;
    }

    @Override
    public int connect(Task task, byte[] address) {
        if (address.length < 2 || family() == AF_PACKET) {
            return address.length < 2 ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
        }
        synchronized (network()) {
            peer = address[0] == AF_UNSPEC ? null : address.clone();
        }
        return 0;
    }

    @Override
    public byte[] name() {
        synchronized (network()) {
            return name;
        }
    }

    @Override
    public byte[] peerName() {
        synchronized (network()) {
            return peer;
        }
    }

    @Override
    public int send(Outgoing out, int flags) {
        if (out.to() == null && peer == null) {
            return family() == AF_PACKET ? -Errno.ENXIO : -Errno.EDESTADDRREQ;
        }
        return family() == AF_PACKET ? -Errno.ENETDOWN : -Errno.ENETUNREACH;
    }

    @Override
    public int receive(Incoming in, int flags) {
        return -Errno.EAGAIN;
    }

    @Override
    public int poll() {
        return PollEvents.WRITABLE | PollEvents.POLLWRBAND;
    }
}
