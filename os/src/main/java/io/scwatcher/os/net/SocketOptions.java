package io.scwatcher.os.net;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.task.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Options of a socket that are numbers: all but a few are only remembered. Those of SOL_SOCKET that every socket has are here (net/core/sock.c); families add theirs by
 * {@link #declare}. Guarded by the network's lock.
 */
public final class SocketOptions {
    /** net.core.wmem_default and rmem_default; the same as the maximum that unprivileged programs may ask for. */
    public static final int DEFAULT_BUFFER = 212_992;
    private static final int MIN_SNDBUF = 4608, MIN_RCVBUF = 2304;
    private static final Set<Integer> SWITCHES = Set.of(SO_DEBUG, SO_REUSEADDR, SO_DONTROUTE, SO_BROADCAST, SO_KEEPALIVE, SO_OOBINLINE, SO_NO_CHECK, SO_REUSEPORT, SO_PASSCRED,
            SO_TIMESTAMP, SO_PASSSEC, SO_TIMESTAMPNS, SO_RXQ_OVFL);

    private final Map<Integer, Integer> values = new HashMap<>();
    private byte[] linger = new byte[8];
    private byte[] receiveTimeout = new byte[16];
    private byte[] sendTimeout = new byte[16];

    SocketOptions() {
        SWITCHES.forEach(name -> declare(SOL_SOCKET, name, 0));
        for (int name : new int[] {SO_PRIORITY, SO_MARK, SO_TIMESTAMPING, SO_BUSY_POLL}) {
            declare(SOL_SOCKET, name, 0);
        }
        declare(SOL_SOCKET, SO_RCVLOWAT, 1);
        declare(SOL_SOCKET, SO_PEEK_OFF, -1);
        declare(SOL_SOCKET, SO_INCOMING_CPU, -1);
        declare(SOL_SOCKET, SO_SNDBUF, DEFAULT_BUFFER);
        declare(SOL_SOCKET, SO_RCVBUF, DEFAULT_BUFFER);
    }

    /** There is such an option. */
    public SocketOptions declare(int level, int name, int value) {
        values.put(key(level, name), value);
        return this;
    }

    private static int key(int level, int name) {
        return level << 16 | name & 0xffff;
    }

    public int get(int level, int name) {
        return values.getOrDefault(key(level, name), 0);
    }

    public boolean isSet(int name) {
        return get(SOL_SOCKET, name) != 0;
    }

    /** Whether close(2) resets the connection: SO_LINGER with no time. */
    public boolean lingersNotAtAll() {
        return linger[0] != 0 && word(linger, 4) == 0;
    }

    /** SO_RCVTIMEO or SO_SNDTIMEO as a deadline of {@link System#nanoTime}. */
    long deadline(boolean sending) {
        byte[] timeout = sending ? sendTimeout : receiveTimeout;
        long seconds = word(timeout, 0) & 0xffff_ffffL;
        long nanos = seconds * 1_000_000_000 + word(timeout, 8) * 1000L;
        return nanos == 0 ? Task.NEVER : System.nanoTime() + nanos;
    }

    /** setsockopt(2). @return 0, or a negated error number */
    int set(Task task, int level, int name, byte[] value) {
        if (level == SOL_SOCKET) {
            switch (name) {
                case SO_LINGER -> {
                    return value.length < 8 ? -Errno.EINVAL : keep(() -> linger = value.clone());
                }
                case SO_RCVTIMEO, SO_SNDTIMEO -> {
                    return setTimeout(name, value);
                }
                case SO_BINDTODEVICE, SO_ATTACH_FILTER -> {
                    return 0;
                }
                case SO_DETACH_FILTER -> {
                    return -Errno.ENOENT;
                }
                case SO_TYPE, SO_ERROR, SO_PROTOCOL, SO_DOMAIN, SO_ACCEPTCONN, SO_SNDLOWAT, SO_PEERCRED, SO_PEERNAME, SO_PEERSEC, SO_COOKIE -> {
                    return -Errno.ENOPROTOOPT;
                }
                default -> { }
            }
        }
        boolean force = level == SOL_SOCKET && (name == SO_SNDBUFFORCE || name == SO_RCVBUFFORCE);
        int real = name == SO_SNDBUFFORCE && force ? SO_SNDBUF : name == SO_RCVBUFFORCE && force ? SO_RCVBUF : name;
        if (!values.containsKey(key(level, real))) {
            return -Errno.ENOPROTOOPT;
        }
        int number = value.length >= 4 ? word(value, 0) : value.length > 0 && level != SOL_SOCKET ? value[0] & 0xff : -1;
        if (value.length < 4 && (level == SOL_SOCKET || value.length == 0)) {
            return -Errno.EINVAL;
        }
        if ((force || level == SOL_SOCKET && name == SO_MARK) && !task.credentials().has(CAP_NET_ADMIN)) {
            return -Errno.EPERM;
        }
        values.put(key(level, real), level == SOL_SOCKET ? adjusted(real, number, force) : number);
        return 0;
    }

    private static int adjusted(int name, int number, boolean force) {
        return switch (name) {
            case SO_SNDBUF -> Math.max(MIN_SNDBUF, 2 * Math.min(number < 0 ? DEFAULT_BUFFER : number, force ? 1 << 28 : DEFAULT_BUFFER));
            case SO_RCVBUF -> Math.max(MIN_RCVBUF, 2 * Math.min(number < 0 ? DEFAULT_BUFFER : number, force ? 1 << 28 : DEFAULT_BUFFER));
            case SO_RCVLOWAT -> number == 0 ? 1 : Math.max(number, 0);
            default -> SWITCHES.contains(name) ? number != 0 ? 1 : 0 : number;
        };
    }

    private static int keep(Runnable change) {
        change.run();
        return 0;
    }

    private int setTimeout(int name, byte[] value) {
        if (value.length < 16) {
            return -Errno.EINVAL;
        }
        int micros = word(value, 8);
        if (micros < 0 || micros >= 1_000_000) {
            return -Errno.EDOM;
        }
        if (name == SO_RCVTIMEO) {
            receiveTimeout = value.clone();
        } else {
            sendTimeout = value.clone();
        }
        return 0;
    }

    /** getsockopt(2), or null if there is no such option. */
    byte[] get(int level, int name, Socket socket) {
        if (level == SOL_SOCKET) {
            switch (name) {
                case SO_LINGER -> {
                    return linger.clone();
                }
                case SO_RCVTIMEO -> {
                    return receiveTimeout.clone();
                }
                case SO_SNDTIMEO -> {
                    return sendTimeout.clone();
                }
                case SO_TYPE -> {
                    return bytes(socket.type());
                }
                case SO_DOMAIN -> {
                    return bytes(socket.family());
                }
                case SO_PROTOCOL -> {
                    return bytes(socket.protocol());
                }
                case SO_ERROR -> {
                    return bytes(socket.takeError());
                }
                case SO_ACCEPTCONN -> {
                    return bytes(socket.listening() ? 1 : 0);
                }
                case SO_SNDLOWAT -> {
                    return bytes(1);
                }
                case SO_BSDCOMPAT -> {
                    return bytes(0);
                }
                case SO_BINDTODEVICE -> {
                    return new byte[0];
                }
                case SO_COOKIE -> {
                    byte[] cookie = new byte[8];
                    put(cookie, 0, (int) socket.inodeNumber());
                    return cookie;
                }
                default -> { }
            }
        }
        Integer value = values.get(key(level, name));
        return value == null ? null : bytes(value);
    }

    /** A number as an option's value. */
    public static byte[] bytes(int number) {
        byte[] bytes = new byte[4];
        put(bytes, 0, number);
        return bytes;
    }

    static int word(byte[] bytes, int at) {
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
    }

    private static void put(byte[] bytes, int at, int number) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (number >>> 8 * i);
        }
    }
}
