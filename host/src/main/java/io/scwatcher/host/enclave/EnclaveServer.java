package io.scwatcher.host.enclave;

import io.scwatcher.enclave.session.SessionServer;
import io.scwatcher.enclave.session.ToolRunner;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.function.Consumer;

/** The process behind a {@link WarmEnclave}: serves each connection on a thread of its own until the process is ended. */
public final class EnclaveServer {
    private final WarmEnclave enclave;
    private final ToolRunner runner;
    private final Consumer<String> log;

    public EnclaveServer(WarmEnclave enclave, ToolRunner runner, Consumer<String> log) {
        this.enclave = enclave;
        this.runner = runner;
        this.log = log;
    }

    /** Does not return. @throws EnclaveException if one of that name runs already, or it cannot listen */
    public void serve() throws IOException {
        if (enclave.answers()) {
            throw new EnclaveException("an enclave named " + enclave.name() + " runs already: scwatcher enclave stop " + enclave.name());
        }
        Files.deleteIfExists(enclave.socket());
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            enclave.notePid();
            server.bind(UnixDomainSocketAddress.of(enclave.socket()));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> enclave.socket().toFile().delete(), "remove-socket"));
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofPlatform().daemon().name("client").start(() -> serve(client));
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            new SessionServer(Channels.newInputStream(client), Channels.newOutputStream(client), runner).serve();
        } catch (IOException e) {
            // A client that only looked, or is gone.
        } catch (RuntimeException e) {
            log.accept("a client's command failed inside the enclave: " + e);
        }
    }
}
