package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkFamily;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.util.function.Supplier;

/** NETLINK_SOCK_DIAG of the VM: the sockets of its initial network namespace (net/core/sock_diag.c). */
public final class SockDiagNetlink implements NetlinkFamily {
    static final int SOCK_DIAG_BY_FAMILY = 20;
    /** The requests of before 3.3, which programs try where the newer ones fail; as on a kernel that has no handler for the protocol. */
    private static final int TCPDIAG_GETSOCK = 18;
    private static final int DCCPDIAG_GETSOCK = 19;
    private static final int SOCK_DESTROY = 21;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int AF_PACKET = 17;

    private final Supplier<Kernel> kernel;

    /** @param kernel the epoch that an answer is read from */
    public SockDiagNetlink(Supplier<Kernel> kernel) {
        this.kernel = kernel;
    }

    @Override
    public void answer(NetlinkRequest request, NetlinkReply reply) {
        if (request.type() == SOCK_DESTROY) {
            throw new VfsException(Errno.EPERM);
        }
        if (request.type() == TCPDIAG_GETSOCK || request.type() == DCCPDIAG_GETSOCK) {
            throw new VfsException(Errno.ENOENT);
        }
        if (request.type() != SOCK_DIAG_BY_FAMILY) {
            throw new VfsException(Errno.EINVAL);
        }
        NetNamespace net = NetNamespace.initial(kernel.get());
        if (!isRegistered(net.kernel(), request.u8(0))) {
            throw new VfsException(Errno.ENOENT);
        }
        switch (request.u8(0)) {
            case AF_INET, AF_INET6 -> new InetDiag(net, request, reply).answer();
            case AF_UNIX -> new UnixDiag(request, reply).answer(net);
            case AF_PACKET -> new PacketDiag(request, reply).answer(net);
            case AF_NETLINK -> new NetlinkDiag(request, reply).answer(net);
            default -> throw new VfsException(Errno.ENOENT);
        }
    }

    /** Whether the VM's kernel has somebody who answers for the family; programs take /proc/net where it has not. */
    private static boolean isRegistered(Kernel kernel, int family) {
        return family > AF_PACKET || !kernel.symbols().has("sock_diag_handlers")
                || kernel.memory().u64(kernel.address("sock_diag_handlers") + 8L * family) != 0;
    }
}
