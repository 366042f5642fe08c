package io.scwatcher.os.view;

import io.scwatcher.os.net.netlink.LoopbackRoute;
import io.scwatcher.os.net.netlink.NetlinkFamily;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.util.List;

/** The network of a layer without VM: the loopback device, and no sockets but the layer's own. */
final class LayerNetwork implements NetworkView {
    private static final int NETLINK_ROUTE = 0, NETLINK_SOCK_DIAG = 4;
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    /** IFF_UP, IFF_LOOPBACK, IFF_RUNNING. */
    private static final int FLAGS = 0x49;
    private static final int ARPHRD_LOOPBACK = 772;
    private static final byte[] ADDRESS = {127, 0, 0, 1};

    @Override
    public List<Interface> interfaces() {
        Address address = new Address("lo", ADDRESS, ADDRESS, new byte[] {(byte) 255, 0, 0, 0}, new byte[4]);
        return List.of(new Interface("lo", 1, FLAGS, ARPHRD_LOOPBACK, new byte[6], 65536, 1000, new long[6], List.of(address)));
    }

    @Override
    public List<Binding> bindings(int protocol, int port) {
        return List.of();
    }

    @Override
    public NetlinkFamily netlink(int protocol) {
        return switch (protocol) {
            case NETLINK_ROUTE -> new LoopbackRoute();
            case NETLINK_SOCK_DIAG -> (request, _) -> {
                if (request.type() != SOCK_DIAG_BY_FAMILY) {
                    throw new VfsException(Errno.EINVAL);
                }
                if (!request.isDump()) {
                    throw new VfsException(Errno.ENOENT);
                }
            };
            default -> null;
        };
    }
}
