package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.PacketSock;
import io.scwatcher.kernel.net.ReadOnlyText;
import io.scwatcher.vprocfs.ProcText;

/**
 * /proc/net/packet (net/packet/af_packet.c, packet_seq_show). The header was widened for 64-bit addresses between 5.10
 * and 6.1.
 */
final class PacketFile implements NetFile {
    private static final String OLD_HEADER = "sk       RefCnt Type Proto  Iface R Rmem   User   Inode\n";
    private static final String HEADER = "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n";

    @Override
    public void print(NetNamespace net, ProcText out) {
        out.put(ReadOnlyText.contains(net.kernel(), OLD_HEADER) ? OLD_HEADER : HEADER);
        PointerText pointers = PointerText.of(net.kernel());
        for (PacketSock sock : PacketSock.of(net)) {
            pointers.restricted(out, sock.address());
            out.put(' ').left(Integer.toString(sock.references()), 6)
                    .put(' ').left(Integer.toString(sock.type()), 4)
                    .put(' ').hex(sock.protocolNumber(), 4)
                    .put("   ").left(Integer.toString(sock.interfaceIndex()), 5)
                    .put(' ').put(sock.isRunning() ? '1' : '0')
                    .put(' ').left(Integer.toUnsignedString(sock.receiveQueue()), 6)
                    .put(' ').left(Long.toString(sock.uid()), 6)
                    .put(' ').left(Long.toUnsignedString(sock.inode()), 6).put('\n');
        }
    }
}
