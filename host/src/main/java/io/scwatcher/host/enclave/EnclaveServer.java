package io.scwatcher.host.enclave;

import io.scwatcher.enclave.session.SessionServer;
import io.scwatcher.enclave.session.ToolRunner;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The process behind a {@link WarmEnclave}: serves each connection on a thread of its own until the process is ended. */
public final class EnclaveServer {
    /** After a failure that may last, such as a lack of descriptors. */
    private static final long REST_NANOS = 1_000_000_000;

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
        enclave.claim();
        Files.deleteIfExists(enclave.socket());
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(enclave.socket()));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> enclave.socket().toFile().delete(), "remove-socket"));
            while (true) {
                accept(server);
            }
        }
    }

    /** Whatever keeps one client from being served, an exhausted host too, is no reason to stop serving. */
    private void accept(ServerSocketChannel server) throws ClosedChannelException {
        SocketChannel client = null;
        try {
            SocketChannel accepted = server.accept();
            client = accepted;
            Thread.ofPlatform().daemon().name("client").start(() -> serve(accepted));
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException | OutOfMemoryError e) {
            close(client);
            log.accept("a client could not be served: " + e.getMessage());
            LockSupport.parkNanos(REST_NANOS);
        }
    }

    private static void close(SocketChannel client) {
        try {
            if (client != null) {
                client.close();
            }
        } catch (IOException e) {
            // Nobody is there to be told.
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            if (!WarmEnclave.isOwn(client)) {
                log.accept("refused another user's client");
                return;
            }
            new SessionServer(Channels.newInputStream(client), Channels.newOutputStream(client), runner).serve();
        } catch (IOException e) {
            // A client that only looked, or is gone.
        } catch (RuntimeException | Error e) {
            log.accept("a client's command failed inside the enclave: " + e);
        }
    }
}
