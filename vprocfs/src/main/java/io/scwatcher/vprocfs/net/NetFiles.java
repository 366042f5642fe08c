package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.Sock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files below /proc/PID/net whose text is known, by name. Which of them a namespace has, the guest's own
 * {@code net->proc_net} tells.
 */
public final class NetFiles {
    private static final int READABLE_BY_ALL = 0444;

    /**
     * @param mode permission bits, where the guest's own tree does not tell them
     */
    public record Entry(int mode, NetFile file) {}

    private static final Map<String, Entry> TABLE = build();

    private NetFiles() {}

    /** All of them; names may contain slashes. */
    public static Map<String, Entry> table() {
        return TABLE;
    }

    private static Map<String, Entry> build() {
        Map<String, Entry> table = new LinkedHashMap<>();
        sockets(table);
        devices(table);
        return Collections.unmodifiableMap(table);
    }

    private static void sockets(Map<String, Entry> table) {
        put(table, "tcp", new TcpFile(Sock.AF_INET));
        put(table, "tcp6", new TcpFile(Sock.AF_INET6));
        put(table, "udp", DatagramFile.udp(Sock.AF_INET));
        put(table, "udp6", DatagramFile.udp(Sock.AF_INET6));
        put(table, "udplite", DatagramFile.udplite(Sock.AF_INET));
        put(table, "udplite6", DatagramFile.udplite(Sock.AF_INET6));
        put(table, "raw", DatagramFile.raw(Sock.AF_INET));
        put(table, "raw6", DatagramFile.raw(Sock.AF_INET6));
        put(table, "icmp", DatagramFile.ping(Sock.AF_INET));
        put(table, "icmp6", DatagramFile.ping(Sock.AF_INET6));
        put(table, "unix", new UnixFile());
        put(table, "packet", new PacketFile());
        put(table, "netlink", new NetlinkFile());
    }

    private static void devices(Map<String, Entry> table) {
        put(table, "dev", new DevFile());
    }

    private static void put(Map<String, Entry> table, String name, NetFile file) {
        table.put(name, new Entry(READABLE_BY_ALL, file));
    }
}
