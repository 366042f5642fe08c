package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.NetlinkSock;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/netlink (net/netlink/af_netlink.c, netlink_native_seq_show). */
final class NetlinkFile implements NetFile {
    @Override
    public void print(NetNamespace net, ProcText out) {
        out.put("sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n");
        PointerText pointers = PointerText.of(net.kernel());
        for (NetlinkSock sock : NetlinkSock.of(net)) {
            pointers.restricted(out, sock.address());
            out.put(' ').left(Integer.toString(sock.protocol()), 3)
                    .put(' ').left(Long.toString(sock.portId()), 10)
                    .put(' ').hex(sock.groups(), 8)
                    .put(' ').left(Integer.toString(sock.receiveQueue()), 8)
                    .put(' ').left(Integer.toString(sock.transmitQueue()), 8)
                    .put(' ').left(sock.isDumping() ? "1" : "0", 5)
                    .put(' ').left(Integer.toString(sock.references()), 8)
                    .put(' ').left(Integer.toUnsignedString(sock.drops()), 8)
                    .put(' ').left(Long.toUnsignedString(sock.inode()), 8).put('\n');
        }
    }
}
