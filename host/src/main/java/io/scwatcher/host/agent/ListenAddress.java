package io.scwatcher.host.agent;

import io.scwatcher.host.RunDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a server is to listen: {@code unix:PATH} or {@code HOST:PORT}, where port 0 stands for any that is free. */
public record ListenAddress(SocketAddress socket) {
    private static final String UNIX = "unix:";
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException one line: if it has not this form */
    public static ListenAddress parse(String text) {
        if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
            return new ListenAddress(UnixDomainSocketAddress.of(Path.of(text.substring(UNIX.length())).toAbsolutePath()));
        }
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException("neither unix:PATH nor HOST:PORT: " + text);
        }
        return new ListenAddress(InetSocketAddress.createUnresolved(text.substring(0, colon).replaceAll("^\\[|]$", ""), Integer.parseInt(port)));
    }

    /**
     * Listens. A socket that a process left behind when it was killed is replaced.
     *
     * @throws IOException one line: somebody listens there already, or it is not possible
     */
    public ServerSocketChannel bind() throws IOException {
        try {
            if (socket instanceof UnixDomainSocketAddress unix) {
                return bind(unix);
            }
            InetSocketAddress named = (InetSocketAddress) socket;
            InetSocketAddress resolved = new InetSocketAddress(named.getHostString(), named.getPort());
            if (resolved.isUnresolved()) {
                throw new IOException("there is no host called " + named.getHostString());
            }
            return ServerSocketChannel.open().bind(resolved);
        } catch (IOException e) {
            throw new IOException("cannot listen at " + this + ": " + e.getMessage(), e);
        }
    }

    private static ServerSocketChannel bind(UnixDomainSocketAddress unix) throws IOException {
        RunDirectory.socket(unix.getPath());
        if (Files.exists(unix.getPath())) {
            try (SocketChannel _ = SocketChannel.open(unix)) {
                throw new IOException("somebody listens there already");
            } catch (java.net.ConnectException left) {
                Files.delete(unix.getPath());
            }
        }
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            return listener.bind(unix);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    /** Removes the file of a Unix socket. */
    public void remove() throws IOException {
        if (socket instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
        }
    }

    @Override
    public String toString() {
        return socket instanceof InetSocketAddress tcp ? tcp.getHostString() + ":" + tcp.getPort() : UNIX + socket;
    }
}
