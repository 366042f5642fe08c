package io.scwatcher.os.net.inet;

import static io.scwatcher.os.net.SocketAbi.AF_INET;
import static io.scwatcher.os.net.SocketAbi.AF_INET6;

import io.scwatcher.os.view.NetworkView;
import java.util.Arrays;

/**
 * An address and a port. Immutable.
 *
 * @param address 16 bytes; IPv4 as an IPv4-mapped IPv6 address, so that both compare
 * @param port in host order
 * @param scope of link-local addresses: the interface
 */
record InetAddress(byte[] address, int port, int scope) {
    static final int SIZE4 = 16, SIZE6 = 28;
    /** RFC 2133's length of an IPv6 address, without the scope. */
    static final int MIN_SIZE6 = 24;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    /** Any address of a family. */
    static InetAddress any(int family) {
        return family == AF_INET ? of4(new byte[4], 0) : new InetAddress(new byte[16], 0, 0);
    }

    static InetAddress of4(byte[] four, int port) {
        byte[] address = Arrays.copyOf(MAPPED, 16);
        System.arraycopy(four, 0, address, 12, 4);
        return new InetAddress(address, port, 0);
    }

    /** A {@code struct sockaddr_in} or {@code sockaddr_in6}, which is long enough. */
    static InetAddress decode(byte[] raw) {
        int port = (raw[2] & 0xff) << 8 | raw[3] & 0xff;
        if (raw[0] == AF_INET) {
            return of4(Arrays.copyOfRange(raw, 4, 8), port);
        }
        return new InetAddress(Arrays.copyOfRange(raw, 8, 24), port, raw.length >= SIZE6 ? raw[24] & 0xff : 0);
    }

    /** As a program of a socket of that family gets it. */
    byte[] encode(int family) {
        byte[] raw = new byte[family == AF_INET ? SIZE4 : SIZE6];
        raw[0] = (byte) family;
        raw[2] = (byte) (port >>> 8);
        raw[3] = (byte) port;
        if (family == AF_INET) {
            System.arraycopy(address, 12, raw, 4, 4);
        } else {
            System.arraycopy(address, 0, raw, 8, 16);
            raw[24] = (byte) scope;
        }
        return raw;
    }

    InetAddress withPort(int other) {
        return new InetAddress(address, other, scope);
    }

    boolean isIpv4() {
        return Arrays.equals(address, 0, 12, MAPPED, 0, 12);
    }

    /** 0.0.0.0 or ::. */
    boolean isAny() {
        for (int i = isIpv4() ? 12 : 0; i < 16; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** 127.0.0.0/8 or ::1. */
    boolean isLoopback() {
        if (isIpv4()) {
            return address[12] == 127;
        }
        for (int i = 0; i < 15; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[15] == 1;
    }

    boolean isMulticast() {
        return isIpv4() ? (address[12] & 0xf0) == 0xe0 : (address[0] & 0xff) == 0xff;
    }

    boolean isBroadcast() {
        return isIpv4() && address[12] == -1 && address[13] == -1 && address[14] == -1 && address[15] == -1;
    }

    /** Whether a socket may have it: loopback, any, or an address of one of the system's interfaces. */
    boolean isLocal(NetworkView view) {
        if (isAny() || isLoopback()) {
            return true;
        }
        return isIpv4() && view.interfaces().stream().flatMap(device -> device.addresses().stream())
                .anyMatch(each -> Arrays.equals(each.local(), 0, 4, address, 12, 16));
    }

    /** Where packets to it go: to any address means to the loopback's. */
    InetAddress destination() {
        if (!isAny()) {
            return this;
        }
        byte[] loopback = address.clone();
        if (isIpv4()) {
            loopback[12] = 127;
        }
        loopback[15] = 1;
        return new InetAddress(loopback, port, scope);
    }

    boolean sameHost(InetAddress other) {
        return Arrays.equals(address, other.address);
    }

    boolean same(InetAddress other) {
        return port == other.port && sameHost(other);
    }
}
