package io.scwatcher.enclave.view;

import io.scwatcher.enclave.netlink.RouteNetlink;
import io.scwatcher.enclave.netlink.SockDiagNetlink;
import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.kernel.net.DatagramSockets;
import io.scwatcher.kernel.net.HashedSock;
import io.scwatcher.kernel.net.InetDevice;
import io.scwatcher.kernel.net.InetSock;
import io.scwatcher.kernel.net.LinkState;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.Sock;
import io.scwatcher.kernel.net.TcpSockets;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.os.net.netlink.NetlinkFamily;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.view.NetworkView;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.FileObjects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The VM's network, from its kernel's objects: devices, their IPv4 addresses, and who holds which port in its initial network namespace. */
final class VmNetwork implements NetworkView {
    private static final int NETLINK_ROUTE = 0, NETLINK_SOCK_DIAG = 4;
    private static final int IPPROTO_TCP = 6, IPPROTO_UDP = 17;
    private static final int NOBODY = -1;

    private final Supplier<Kernel> epochs;
    private final NetlinkFamily route;
    private final NetlinkFamily diagnosis;
    private volatile Bound bound;

    /** Who holds ports in one epoch, by protocol and port: asked for all 65,535 ports by some tools. */
    private record Bound(Kernel epoch, Map<Integer, Map<Integer, List<Binding>>> byProtocol) {}

    VmNetwork(Supplier<Kernel> epochs) {
        this.epochs = epochs;
        this.route = guarded(new RouteNetlink(epochs));
        this.diagnosis = guarded(new SockDiagNetlink(epochs));
    }

    /** What an intruder or a torn epoch broke is an anomaly, and an error of the request. */
    private NetlinkFamily guarded(NetlinkFamily family) {
        return (request, reply) -> {
            try {
                family.answer(request, reply);
            } catch (GuestMemoryException | DiscoveryException | VfsException | SystemCallException passes) {
                throw passes;
            } catch (RuntimeException | StackOverflowError broken) {
                epochs.get().anomalies().record(VmView.describe(broken));
                reply.cancel();
                throw new VfsException(Errno.EIO);
            }
        };
    }

    @Override
    public NetlinkFamily netlink(int protocol) {
        return switch (protocol) {
            case NETLINK_ROUTE -> route;
            case NETLINK_SOCK_DIAG -> diagnosis;
            default -> null;
        };
    }

    @Override
    public long socketDevice() {
        Kernel kernel = epochs.get();
        return VmView.read(kernel, () -> FileObjects.device(kernel.at(new Variables(kernel).u64("sock_mnt"), "vfsmount").ptr("mnt_sb")),
                NetworkView.super.socketDevice());
    }

    @Override
    public List<Interface> interfaces() {
        Kernel kernel = epochs.get();
        return VmView.read(kernel, () -> {
            List<Interface> interfaces = new ArrayList<>();
            for (NetDevice device : NetDevice.all(NetNamespace.initial(kernel))) {
                Interface one = VmView.read(kernel, () -> describe(device), null);
                if (one != null) {
                    interfaces.add(one);
                }
            }
            return interfaces;
        }, List.of());
    }

    private static Interface describe(NetDevice device) {
        KObject object = device.device();
        byte[] hardware = new byte[device.addressLength()];
        if (hardware.length > 0) {
            device.kernel().memory().read(object.get("dev_addr"), hardware, 0, hardware.length);
        }
        long[] map = {object.getOr("mem_start", 0), object.getOr("mem_end", 0), object.getOr("base_addr", 0), object.getOr("irq", 0), object.getOr("dma", 0), object.getOr("if_port", 0)};
        List<Address> addresses = new ArrayList<>();
        KObject owner = InetDevice.ipv4(device);
        if (owner != null) {
            for (KObject address : InetDevice.chain(owner, "ifa_list", "ifa_next")) {
                addresses.add(new Address(address.string("ifa_label", NetDevice.NAME_SIZE), bytes(address.getInt("ifa_local")), bytes(address.getInt("ifa_address")),
                        bytes(address.getInt("ifa_mask")), bytes(address.getInt("ifa_broadcast"))));
            }
        }
        return new Interface(device.name(), device.index(), LinkState.of(device).flags(), device.hardwareType(), hardware, object.getInt("mtu"), object.getInt("tx_queue_len"), map, addresses);
    }

    /** A {@code __be32} that was read as a little-endian word. */
    private static byte[] bytes(int word) {
        return new byte[] {(byte) word, (byte) (word >>> 8), (byte) (word >>> 16), (byte) (word >>> 24)};
    }

    @Override
    public List<Binding> bindings(int protocol, int port) {
        Kernel kernel = epochs.get();
        Bound known = bound;
        if (known == null || known.epoch != kernel) {
            NetNamespace net = NetNamespace.initial(kernel);
            Map<Integer, Map<Integer, List<Binding>>> all = new HashMap<>();
            all.put(IPPROTO_TCP, VmView.read(kernel, () -> byPort(new TcpSockets(net).bound()), Map.of()));
            all.put(IPPROTO_UDP, VmView.read(kernel, () -> byPort(DatagramSockets.udp(net)), Map.of()));
            known = new Bound(kernel, all);
            bound = known;
        }
        return known.byProtocol.getOrDefault(protocol, Map.of()).getOrDefault(port, List.of());
    }

    private static Map<Integer, List<Binding>> byPort(List<HashedSock> sockets) {
        Map<Integer, List<Binding>> ports = new HashMap<>();
        for (HashedSock each : sockets) {
            VmView.read(each.sock().kernel(), () -> ports.computeIfAbsent(new InetSock(each.sock()).number(), _ -> new ArrayList<>(1)).add(binding(each)), false);
        }
        return ports;
    }

    private static Binding binding(HashedSock each) {
        KObject sock = each.sock();
        boolean timeWait = each.state() == Sock.TCP_TIME_WAIT;
        byte[] address = new byte[each.family() == Sock.AF_INET ? 4 : 16];
        long at = sock.at(each.family() == Sock.AF_INET ? "__sk_common.skc_rcv_saddr" : "__sk_common.skc_v6_rcv_saddr").address();
        sock.kernel().memory().read(at, address, 0, address.length);
        return new Binding(address, sock.get("__sk_common.skc_ipv6only") != 0, each.state() == Sock.TCP_LISTEN, sock.get("__sk_common.skc_reuse") != 0,
                sock.get("__sk_common.skc_reuseport") != 0, timeWait ? NOBODY : (int) new Sock(sock).uid());
    }
}
