package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkFamily;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.util.function.Supplier;

/** NETLINK_ROUTE of the VM: links, addresses, routes, neighbours, forwarding tables, queues and rules of its initial network namespace (net/core/rtnetlink.c). */
public final class RouteNetlink implements NetlinkFamily {
    static final int AF_UNSPEC = 0;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    private static final int RTM_BASE = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_GETROUTE = 26;
    private static final int RTM_GETNEIGH = 30;
    private static final int RTM_GETRULE = 34;
    private static final int RTM_GETQDISC = 38;
    /** Of each group of four message types NEW, DEL, GET, SET, only GET leaves the system as it is. */
    private static final int KIND_MASK = 3;
    private static final int KIND_GET = 2;

    private final Supplier<Kernel> kernel;

    /** @param kernel the epoch that an answer is read from */
    public RouteNetlink(Supplier<Kernel> kernel) {
        this.kernel = kernel;
    }

    @Override
    public void answer(NetlinkRequest request, NetlinkReply reply) {
        if (request.type() >= RTM_BASE && (request.type() & KIND_MASK) != KIND_GET) {
            throw new VfsException(Errno.EPERM);
        }
        NetNamespace net = NetNamespace.initial(kernel.get());
        switch (request.type()) {
            case RTM_GETLINK -> new LinkMessages(net).answer(request, reply);
            case RTM_GETADDR -> dumpOnly(request, () -> new AddressMessages(net).answer(request, reply));
            case RTM_GETROUTE -> route(net, request, reply);
            case RTM_GETNEIGH -> dumpOnly(request, () -> neighbours(net, request, reply));
            case RTM_GETQDISC -> dumpOnly(request, () -> new QueueMessages(net, request, reply).answer());
            case RTM_GETRULE -> dumpOnly(request, () -> new RuleMessages(net).answer(request, reply));
            default -> throw new VfsException(Errno.EOPNOTSUPP);
        }
    }

    private static void route(NetNamespace net, NetlinkRequest request, NetlinkReply reply) {
        if (request.isDump()) {
            new RouteMessages(net).answer(request, reply);
        } else {
            switch (request.u8(0)) {
                case AF_INET -> new Ipv4RouteQuery(net, request).answer(reply);
                case AF_INET6 -> new Ipv6RouteQuery(net, request).answer(reply);
                default -> throw new VfsException(Errno.EOPNOTSUPP);
            }
        }
    }

    private static void neighbours(NetNamespace net, NetlinkRequest request, NetlinkReply reply) {
        if (request.u8(0) == ForwardingMessages.AF_BRIDGE) {
            new ForwardingMessages(net, request, reply).answer();
        } else {
            new NeighbourMessages(net).answer(request, reply);
        }
    }

    private static void dumpOnly(NetlinkRequest request, Runnable dump) {
        if (!request.isDump()) {
            throw new VfsException(Errno.EOPNOTSUPP);
        }
        dump.run();
    }

    /** Whether a dump that names a family (0: all) wants this one. */
    static boolean wants(NetlinkRequest request, int family) {
        return request.u8(0) == AF_UNSPEC || request.u8(0) == family;
    }
}
