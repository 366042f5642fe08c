package io.scwatcher.channel.page;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Two connected Unix sockets. */
public record SocketPair(SocketChannel client, SocketChannel server) {
    public static SocketPair open() throws IOException {
        Path directory = Files.createTempDirectory("pair");
        Path path = directory.resolve("s");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
            return new SocketPair(client, listener.accept());
        } finally {
            Files.deleteIfExists(path);
            Files.delete(directory);
        }
    }
}
