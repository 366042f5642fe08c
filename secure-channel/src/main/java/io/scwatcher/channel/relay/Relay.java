package io.scwatcher.channel.relay;

import io.scwatcher.channel.session.AgentAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The untrusted host between enclave and agent: passes bytes on, both ways. It is handed all that the host can see, so that a demonstration can show it and tests can play the
 * attacker.
 */
public final class Relay implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** Sees, and may change, what passes. */
    public interface Observer {
        /**
         * @param toAgent the direction
         * @param bytes what was read; what remains is passed on
         */
        void passing(boolean toAgent, ByteBuffer bytes) throws IOException;
    }

    private final ServerSocketChannel listener;
    private final Target agent;
    private final Observer observer;
    private final Consumer<String> notes;
    private final AtomicLong toAgent = new AtomicLong();
    private final AtomicLong toEnclave = new AtomicLong();

    /** Where what comes is passed on to. */
    @FunctionalInterface
    public interface Target {
        SocketChannel connect() throws IOException;
    }

    /** @param listener bound; closed with the relay */
    public Relay(ServerSocketChannel listener, Target agent, Observer observer, Consumer<String> notes) {
        this.listener = listener;
        this.agent = agent;
        this.observer = observer;
        this.notes = notes;
    }

    /** Accepts connections until {@link #close}. */
    public void run() throws IOException {
        try {
            while (true) {
                SocketChannel enclave = listener.accept();
                Thread.ofVirtual().name("relay").start(() -> connect(enclave));
            }
        } catch (ClosedChannelException e) {
            // Closed by us.
        }
    }

    private void connect(SocketChannel enclave) {
        try {
            AgentAddress.withoutDelay(enclave);
            SocketChannel target = agent.connect();
            Thread.ofVirtual().name("relay").start(() -> pass(enclave, target, true, toAgent));
            pass(target, enclave, false, toEnclave);
        } catch (IOException e) {
            notes.accept("the agent cannot be reached: " + e.getMessage());
            close(enclave);
        }
    }

    private void pass(SocketChannel from, SocketChannel to, boolean direction, AtomicLong count) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (from; to) {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                count.addAndGet(buffer.remaining());
                observer.passing(direction, buffer);
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException e) {
            // One side has gone; the other is closed, too.
        }
    }

    private static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    public long bytesToAgent() {
        return toAgent.get();
    }

    public long bytesToEnclave() {
        return toEnclave.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
