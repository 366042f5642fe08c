package io.scwatcher.channel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.channel.ChannelException;
import io.scwatcher.channel.page.SocketPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsChannelTest {
    @TempDir
    static Path directory;
    private static TestIdentity identity;

    private final SocketPair sockets;

    TlsChannelTest() throws IOException {
        sockets = SocketPair.open();
    }

    @BeforeAll
    static void makeIdentity() throws Exception {
        identity = new TestIdentity(directory);
    }

    private CompletableFuture<TlsChannel> side(ByteChannel network, boolean client, String protocol) {
        CompletableFuture<TlsChannel> channel = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                channel.complete(new TlsChannel(network, identity.engine(client, protocol)));
            } catch (IOException | RuntimeException e) {
                channel.completeExceptionally(e);
            }
        });
        return channel;
    }

    @Test
    void bringsWhatWasWritten() throws Exception {
        CompletableFuture<TlsChannel> accepted = side(sockets.server(), false, "TLSv1.3");
        try (TlsChannel client = side(sockets.client(), true, "TLSv1.3").get(); TlsChannel server = accepted.get()) {
            assertThat(client.session().getProtocol()).isEqualTo("TLSv1.3");
            long seed = System.nanoTime();
            System.out.println("tls: seed " + seed);
            Random random = new Random(seed);
            for (int round = 0; round < 60; round++) {
                byte[] sent = new byte[1 + random.nextInt(round % 10 == 0 ? 3_000_000 : 3_000)];
                random.nextBytes(sent);
                Thread writer = Thread.ofVirtual().start(() -> write(client, sent));
                byte[] received = read(server, sent.length, sent.length / 100 + 1 + random.nextInt(100_000));
                writer.join();
                assertThat(received).isEqualTo(sent);
            }
        }
    }

    private static void write(TlsChannel to, byte[] bytes) {
        try {
            to.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] read(ByteChannel from, int length, int step) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            buffer.limit(Math.min(length, buffer.position() + step));
            assertThat(from.read(buffer)).isPositive();
            buffer.limit(length);
        }
        return buffer.array();
    }

    @Test
    void endsWithAFarewell() throws Exception {
        CompletableFuture<TlsChannel> accepted = side(sockets.server(), false, "TLSv1.3");
        TlsChannel client = side(sockets.client(), true, "TLSv1.3").get();
        TlsChannel server = accepted.get();
        client.write(ByteBuffer.wrap(new byte[10]));
        client.close();
        assertThat(read(server, 10, 10)).hasSize(10);
        assertThat(server.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }

    @Test
    void noticesThatTheConnectionWasCut() throws Exception {
        CompletableFuture<TlsChannel> accepted = side(sockets.server(), false, "TLSv1.3");
        TlsChannel client = side(sockets.client(), true, "TLSv1.3").get();
        TlsChannel server = accepted.get();
        client.write(ByteBuffer.wrap(new byte[10]));
        sockets.client().close();
        assertThat(read(server, 10, 10)).hasSize(10);
        assertThatThrownBy(() -> server.read(ByteBuffer.allocate(10))).isInstanceOf(ChannelException.class).hasMessageContaining("cut");
    }

    @Test
    void refusesAnOlderProtocol() {
        CompletableFuture<TlsChannel> accepted = side(sockets.server(), false, "TLSv1.3");
        CompletableFuture<TlsChannel> client = side(sockets.client(), true, "TLSv1.2");
        assertThatThrownBy(accepted::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(ChannelException.class)
                .hasMessageContaining("no TLS session");
        assertThatThrownBy(client::get).hasCauseInstanceOf(ChannelException.class);
    }

    @Test
    void refusesWhatIsNoTls() throws Exception {
        CompletableFuture<TlsChannel> accepted = side(sockets.server(), false, "TLSv1.3");
        sockets.client().write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes()));
        assertThatThrownBy(accepted::get).hasCauseInstanceOf(ChannelException.class);
    }

    @Test
    void refusesARecordThatWasChanged() throws Exception {
        CompletableFuture<TlsChannel> accepted = side(sockets.server(), false, "TLSv1.3");
        FlippingChannel flipping = new FlippingChannel(sockets.client());
        TlsChannel client = side(flipping, true, "TLSv1.3").get();
        TlsChannel server = accepted.get();
        flipping.flip = true;
        client.write(ByteBuffer.wrap(new byte[100]));
        assertThatThrownBy(() -> server.read(ByteBuffer.allocate(100))).isInstanceOf(IOException.class);
    }

    /** Flips a bit of the last byte of each write. */
    private static final class FlippingChannel implements ByteChannel {
        private final ByteChannel channel;
        private volatile boolean flip;

        FlippingChannel(ByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer destination) throws IOException {
            return channel.read(destination);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (flip) {
                source.put(source.limit() - 1, (byte) (source.get(source.limit() - 1) ^ 4));
            }
            return channel.write(source);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
