package io.scwatcher.channel.tls;

import io.scwatcher.channel.ChannelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * TLS over any blocking byte channel, by JSSE's engine. Used by one thread at a time. A stream that ends without TLS's close_notify (RFC 8446, 6.1) was cut and fails.
 */
public final class TlsChannel implements ByteChannel {
    /** Several records go to the network in one write. */
    private static final int RECORDS = 16;
    private static final long FAREWELL_MILLIS = 1000;

    private final ByteChannel network;
    private final SSLEngine engine;
    private final ByteBuffer incoming;
    private final ByteBuffer outgoing;
    /** Decrypted, not yet taken. */
    private final ByteBuffer plain;
    private boolean ended;
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * Makes the handshake.
     *
     * @param engine with its mode, protocols and authentication set; {@link #network} is closed if the handshake fails
     * @throws ChannelException one line: why there is no session
     */
    public TlsChannel(ByteChannel network, SSLEngine engine) throws IOException {
        this.network = network;
        this.engine = engine;
        SSLSession session = engine.getSession();
        incoming = ByteBuffer.allocate(RECORDS * session.getPacketBufferSize()).limit(0);
        outgoing = ByteBuffer.allocate(RECORDS * session.getPacketBufferSize());
        plain = ByteBuffer.allocate(session.getApplicationBufferSize()).limit(0);
        try {
            engine.beginHandshake();
            handshake();
        } catch (SSLException e) {
            network.close();
            throw new ChannelException("no TLS session: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** The established session. */
    public SSLSession session() {
        return engine.getSession();
    }

    private void handshake() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_WRAP -> {
                    wrap(ByteBuffer.allocate(0));
                    flush();
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    plain.compact();
                    SSLEngineResult.Status status = unwrap(plain);
                    plain.flip();
                    if (status == SSLEngineResult.Status.CLOSED) {
                        throw new ChannelException("no TLS session: the other side closed the connection");
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    @Override
    public int read(ByteBuffer destination) throws IOException {
        while (!plain.hasRemaining()) {
            if (ended) {
                return -1;
            }
            if (destination.remaining() >= plain.capacity()) {
                int before = destination.position();
                receive(destination);
                if (destination.position() > before) {
                    return destination.position() - before;
                }
            } else {
                plain.clear();
                receive(plain);
                plain.flip();
            }
        }
        int length = Math.min(plain.remaining(), destination.remaining());
        destination.put(destination.position(), plain, plain.position(), length);
        destination.position(destination.position() + length);
        plain.position(plain.position() + length);
        return length;
    }

    /** Decrypts at least one record, and those that have come already as far as there is room. */
    private void receive(ByteBuffer destination) throws IOException {
        do {
            if (unwrap(destination) == SSLEngineResult.Status.CLOSED) {
                ended = true;
                return;
            }
            if (engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING) {
                handshake();
            }
        } while (incoming.hasRemaining() && destination.remaining() >= plain.capacity());
    }

    /** One record; reads from the network if it has not come wholly. */
    private SSLEngineResult.Status unwrap(ByteBuffer destination) throws IOException {
        while (true) {
            SSLEngineResult result = incoming.hasRemaining() ? engine.unwrap(incoming, destination) : null;
            if (result != null && result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                return result.getStatus();
            }
            incoming.compact();
            int read = fromNetwork();
            incoming.flip();
            if (read < 0) {
                throw new ChannelException("the connection was cut: it ended without TLS's farewell");
            }
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int length = source.remaining();
        writing.lock();
        try {
            while (source.hasRemaining()) {
                wrap(source);
                if (outgoing.remaining() < engine.getSession().getPacketBufferSize()) {
                    flush();
                }
            }
            flush();
        } finally {
            writing.unlock();
        }
        return length;
    }

    private void wrap(ByteBuffer source) throws IOException {
        if (engine.wrap(source, outgoing).getStatus() == SSLEngineResult.Status.CLOSED && source.hasRemaining()) {
            throw new ChannelException("the connection is closed");
        }
    }

    private int fromNetwork() throws ChannelException {
        try {
            return network.read(incoming);
        } catch (IOException e) {
            throw cut(e);
        }
    }

    private static ChannelException cut(IOException why) {
        return new ChannelException("the connection was cut" + (why.getMessage() == null ? "" : ": " + why.getMessage()), why);
    }

    private void flush() throws ChannelException {
        outgoing.flip();
        try {
            while (outgoing.hasRemaining()) {
                network.write(outgoing);
            }
        } catch (IOException e) {
            throw cut(e);
        }
        outgoing.clear();
    }

    @Override
    public boolean isOpen() {
        return network.isOpen();
    }

    /** Says farewell, unless another thread is writing or the network takes nothing for a second, and closes the network. */
    @Override
    public void close() throws IOException {
        try {
            if (network.isOpen() && writing.tryLock()) {
                Thread.ofVirtual().start(this::closeSoon);
                farewell();
            }
        } finally {
            network.close();
        }
    }

    private void farewell() {
        try {
            engine.closeOutbound();
            if (!engine.isOutboundDone()) {
                engine.wrap(ByteBuffer.allocate(0), outgoing);
                flush();
            }
        } catch (IOException | RuntimeException e) {
            // The other side is gone, and will notice.
        }
    }

    private void closeSoon() {
        try {
            Thread.sleep(FAREWELL_MILLIS);
            network.close();
        } catch (InterruptedException | IOException e) {
            // Closed, in any case.
        }
    }
}
