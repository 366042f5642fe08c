package io.scwatcher.testbed.qemu;

import io.scwatcher.testbed.TestbedException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The host's end of one exec port, held exclusively. The protocol is described in the guest's {@code agent.c}. After a
 * command that was broken off, what is left of its output is skipped until the new command's begin frame.
 */
public final class ExecChannel implements AutoCloseable {
    private static final int HEADER = 5;
    private static final int PAYLOAD_MAX = 65_536;
    private static final int REPEAT_SECONDS = 3;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final FileChannel lockFile;
    private final FileLock lock;
    private final SocketChannel socket;
    private final ByteBuffer received = ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN).flip();

    private ExecChannel(FileChannel lockFile, FileLock lock, SocketChannel socket) {
        this.lockFile = lockFile;
        this.lock = lock;
        this.socket = socket;
    }

    /** Takes a port that nobody uses, waiting while all are busy. */
    public static ExecChannel open(Path directory) {
        try {
            while (true) {
                for (int port = 0; port < QemuCommand.EXEC_PORTS; port++) {
                    ExecChannel channel = tryOpen(directory, port);
                    if (channel != null) {
                        return channel;
                    }
                }
                Thread.sleep(20);
            }
        } catch (IOException e) {
            throw new TestbedException("cannot reach the guest " + directory.getFileName() + " ("
                    + e.getMessage() + "): is it still running?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestbedException("interrupted while waiting for a free exec port", e);
        }
    }

    private static ExecChannel tryOpen(Path directory, int port) throws IOException {
        FileChannel file = FileChannel.open(directory.resolve("exec." + port + ".lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock();
            if (lock == null) {
                return null;
            }
            SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
            socket.connect(UnixDomainSocketAddress.of(directory.resolve("exec." + port)));
            return new ExecChannel(file, lock, socket);
        } catch (OverlappingFileLockException e) {
            return null;
        } catch (IOException e) {
            file.close();
            throw e;
        } finally {
            if (lock == null) {
                file.close();
            }
        }
    }

    /** Executes one command and returns its exit status. */
    public int execute(List<String> argv, InputStream stdin, OutputStream stdout, OutputStream stderr) {
        byte[] nonce = new byte[8];
        CountDownLatch begun = new CountDownLatch(1);
        RANDOM.nextBytes(nonce);
        try {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.write("SCWexec1".getBytes(StandardCharsets.US_ASCII));
            request.write(nonce);
            for (String word : argv) {
                request.write(word.getBytes(StandardCharsets.UTF_8));
                request.write(0);
            }
            if (request.size() > PAYLOAD_MAX) {
                throw new TestbedException("the command is longer than " + PAYLOAD_MAX + " bytes");
            }
            Thread asking = Thread.ofVirtual().start(() -> ask(request.toByteArray(), begun));
            try {
                awaitBegin(nonce);
            } finally {
                begun.countDown();
                asking.join();
            }
            Thread feeder = Thread.ofVirtual().start(() -> feed(stdin));
            try {
                return collect(stdout, stderr);
            } finally {
                feeder.interrupt();
            }
        } catch (IOException e) {
            throw new TestbedException("the connection to the guest broke (" + e.getMessage() + "): is it still running?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestbedException("interrupted while the guest executes a command", e);
        }
    }

    /** The agent executes a request once, however often it is repeated. */
    private void ask(byte[] request, CountDownLatch begun) {
        try {
            do {
                send('X', request, request.length);
            } while (!begun.await(REPEAT_SECONDS, TimeUnit.SECONDS));
        } catch (IOException | InterruptedException e) {
            // The thread that waits for the answer sees the same.
        }
    }

    private void awaitBegin(byte[] nonce) throws IOException {
        // What may come before is the tail of an interrupted frame: look for the begin frame byte by byte.
        byte[] wanted = ByteBuffer.allocate(HEADER + 8).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'B').putInt(8).put(nonce).array();
        int matched = 0;
        while (matched < wanted.length) {
            need(1);
            byte next = received.get();
            matched = next == wanted[matched] ? matched + 1 : next == wanted[0] ? 1 : 0;
        }
    }

    private int collect(OutputStream stdout, OutputStream stderr) throws IOException {
        byte[] payload = new byte[PAYLOAD_MAX];
        while (true) {
            need(HEADER);
            byte type = received.get();
            int length = received.getInt();
            if (length < 0 || length > PAYLOAD_MAX) {
                throw new IOException("bad frame");
            }
            need(length);
            received.get(payload, 0, length);
            switch (type) {
                case 'O' -> stdout.write(payload, 0, length);
                case 'R' -> stderr.write(payload, 0, length);
                case 'Z' -> {
                    stdout.flush();
                    stderr.flush();
                    return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt();
                }
                default -> throw new IOException("bad frame");
            }
        }
    }

    private void feed(InputStream stdin) {
        byte[] chunk = new byte[PAYLOAD_MAX];
        try {
            for (int n; (n = stdin.read(chunk)) >= 0;) {
                send('I', chunk, n);
            }
            send('E', chunk, 0);
        } catch (IOException e) {
            // The command ended before it read everything; its status says the rest.
        }
    }

    private void send(char type, byte[] payload, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
        frame.put((byte) type).putInt(length).put(payload, 0, length).flip();
        while (frame.hasRemaining()) {
            socket.write(frame);
        }
    }

    private void need(int bytes) throws IOException {
        while (received.remaining() < bytes) {
            received.compact();
            int n = socket.read(received);
            received.flip();
            if (n < 0) {
                throw new EOFException("closed by the guest");
            }
        }
    }

    @Override
    public void close() {
        try (lockFile) {
            socket.close();
            lock.release();
        } catch (IOException e) {
            // The port is free either way.
        }
    }
}
