package io.scwatcher.os.view;

import io.scwatcher.os.fs.AnonymousInodes;
import io.scwatcher.os.net.netlink.NetlinkFamily;
import java.util.List;

/**
 * What programs are told about the system's network: its interfaces, who holds its ports, and its side of AF_NETLINK. A program can never change anything through it. Safe for
 * several threads; what it cannot read it leaves out.
 */
public interface NetworkView {
    /** {@code st_dev} of sockets, by which tools know which descriptors are sockets. */
    default long socketDevice() {
        return AnonymousInodes.SOCKET_DEVICE;
    }

    /**
     * A network device.
     *
     * @param name at most 15 characters
     * @param flags {@code IFF_*} as {@code dev_get_flags} of net/core/dev.c gives them
     * @param hardwareType {@code ARPHRD_*}
     * @param hardwareAddress at most 32 bytes
     * @param map memory start and end, base address, interrupt, DMA channel, port: {@code struct ifmap}
     * @param addresses IPv4, in the kernel's order
     */
    record Interface(String name, int index, int flags, int hardwareType, byte[] hardwareAddress, int mtu, int transmitQueueLength, long[] map, List<Address> addresses) {}

    /**
     * An IPv4 address of a device; four bytes each, in network order.
     *
     * @param label the device's name, or an alias such as {@code eth0:1}
     * @param peer the same as {@code local} where there is none
     */
    record Address(String label, byte[] local, byte[] peer, byte[] mask, byte[] broadcast) {}

    /**
     * A socket that has a port.
     *
     * @param address 4 bytes of an IPv4 or 16 of an IPv6 socket; all zero for any
     * @param only6 whether an IPv6 socket takes no IPv4: IPV6_V6ONLY
     * @param reusePort SO_REUSEPORT, which lets sockets of one user share
     */
    record Binding(byte[] address, boolean only6, boolean listening, boolean reuseAddress, boolean reusePort, int uid) {}

    /** In the order of registration. */
    List<Interface> interfaces();

    /** @param protocol IPPROTO_TCP 6, IPPROTO_UDP 17  @param port in host order */
    List<Binding> bindings(int protocol, int port);

    /** Who answers a protocol of AF_NETLINK: 0 is ROUTE, 4 is SOCK_DIAG; null where there is no such protocol. */
    NetlinkFamily netlink(int protocol);
}
