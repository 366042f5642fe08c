package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.HashedSock;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.Sock;
import io.scwatcher.kernel.net.UnixSock;
import io.scwatcher.kernel.net.UnixSockets;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/unix (net/unix/af_unix.c, unix_seq_show). */
final class UnixFile implements NetFile {
    private static final int SO_ACCEPTCON = 1 << 16;
    private static final int SS_UNCONNECTED = 1;
    private static final int SS_CONNECTING = 2;
    private static final int SS_CONNECTED = 3;
    private static final int SS_DISCONNECTING = 4;

    @Override
    public void print(NetNamespace net, ProcText out) {
        out.put("Num       RefCount Protocol Flags    Type St Inode Path\n");
        PointerText pointers = PointerText.of(net.kernel());
        for (HashedSock each : UnixSockets.of(net)) {
            socket(new UnixSock(each.sock()), pointers, out);
        }
    }

    private static void socket(UnixSock sock, PointerText pointers, ProcText out) {
        int state = sock.state();
        pointers.restricted(out, sock.address());
        out.put(": ").upperHex(Integer.toUnsignedLong(sock.references()), 8).put(' ').upperHex(0, 8)
                .put(' ').upperHex(state == Sock.TCP_LISTEN ? SO_ACCEPTCON : 0, 8)
                .put(' ').upperHex(sock.type(), 4)
                .put(' ').upperHex(socketState(sock.socket() != 0, state == Sock.TCP_ESTABLISHED), 2)
                .put(' ').unsigned(sock.inode(), 5);
        name(sock.name(), out);
        out.put('\n');
    }

    private static int socketState(boolean hasSocket, boolean established) {
        if (hasSocket) {
            return established ? SS_CONNECTED : SS_UNCONNECTED;
        }
        return established ? SS_CONNECTING : SS_DISCONNECTING;
    }

    /** A path without its final NUL; an abstract name with {@code @} for every NUL. */
    private static void name(byte[] name, ProcText out) {
        if (name == null) {
            return;
        }
        out.put(' ');
        int length = name.length;
        if (length > 0 && name[0] != 0) {
            length--;
        }
        for (int i = 0; i < length; i++) {
            out.put(name[i] == 0 ? '@' : (char) (name[i] & 0xff));
        }
    }
}
