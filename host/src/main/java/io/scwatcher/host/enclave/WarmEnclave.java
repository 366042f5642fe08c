package io.scwatcher.host.enclave;

import io.scwatcher.enclave.session.SessionClient;
import io.scwatcher.host.RunDirectory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;

/**
 * An enclave of this user that is kept running between commands: a process that listens on a Unix socket in a directory that only the user can enter.
 *
 * @param name as given to {@code enclave start}
 * @param socket where it listens
 */
public record WarmEnclave(String name, Path socket) {
    private static final String SUFFIX = ".sock";
    /** What a file name may be and a Unix socket's path can hold. */
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,31}";

    /** @throws EnclaveException if that is no name for an enclave */
    public static WarmEnclave named(String name) {
        if (!name.matches(NAME)) {
            throw new EnclaveException("not a name for an enclave: " + name + " (letters, digits, dots and dashes, at most 32)");
        }
        return new WarmEnclave(name, directory().resolve(name + SUFFIX));
    }

    /** Those that answer. */
    public static List<WarmEnclave> running() {
        List<WarmEnclave> running = new ArrayList<>();
        if (!Files.exists(directory())) {
            return running;
        }
        try (Stream<Path> files = Files.list(directory())) {
            for (Path file : (Iterable<Path>) files.filter(path -> path.toString().endsWith(SUFFIX)).sorted()::iterator) {
                String fileName = file.getFileName().toString();
                WarmEnclave one = new WarmEnclave(fileName.substring(0, fileName.length() - SUFFIX.length()), file);
                if (one.answers()) {
                    running.add(one);
                }
            }
        } catch (IOException e) {
            throw new EnclaveException("cannot read " + directory() + ": " + e.getMessage());
        }
        return running;
    }

    /** Whether somebody listens there. */
    public boolean answers() {
        try (SocketChannel channel = connect()) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A connection for one command. @throws IOException one line: nobody listens, or somebody who is neither this user nor root */
    public SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            if (!isOwn(channel)) {
                throw new IOException(socket + " is another user's");
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether the process at the other end is this user's, or root's: who can write to a socket's directory can put another one in its place. */
    static boolean isOwn(SocketChannel channel) throws IOException {
        String user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        return user.equals(System.getProperty("user.name")) || user.equals("root");
    }

    /** The client's end of a connection for one command. */
    public static SessionClient client(SocketChannel channel) {
        return new SessionClient(Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    /** The process that listens, as it noted itself; 0 if it did not. */
    public long pid() {
        try {
            return Long.parseLong(Files.readString(pidFile()).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** Ends it, and waits for that. @throws EnclaveException if it does not run */
    public void stop() throws IOException {
        if (!answers()) {
            throw new EnclaveException("no enclave named " + name + " runs");
        }
        ProcessHandle process = ProcessHandle.of(pid()).orElseThrow(() -> new EnclaveException("the process of enclave " + name + " is not to be found"));
        process.destroy();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
        } catch (InterruptedException | ExecutionException e) {
            throw new EnclaveException("interrupted while enclave " + name + " ended");
        }
    }

    /**
     * Takes the name for this process, until it ends, however that may be: then the host gives up the lock.
     *
     * @throws EnclaveException if another process has it, or the directory cannot be used
     */
    void claim() throws IOException {
        prepare();
        FileChannel lock = FileChannel.open(socket.resolveSibling(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() != null) {
                Files.writeString(pidFile(), ProcessHandle.current().pid() + "\n");
                return;
            }
        } catch (OverlappingFileLockException thisProcess) {
            // As good as another one's.
        }
        lock.close();
        throw new EnclaveException("an enclave named " + name + " runs already: scwatcher enclave stop " + name);
    }

    private Path pidFile() {
        return socket.resolveSibling(name + ".pid");
    }

    /** What it writes besides its answers. */
    public Path log() {
        return socket.resolveSibling(name + ".log");
    }

    private static Path directory() {
        return RunDirectory.of("enclaves");
    }

    /**
     * Makes the directory of sockets and logs, which nobody else may enter.
     *
     * @throws EnclaveException one line: if that is not possible
     */
    public void prepare() {
        try {
            RunDirectory.make(socket.getParent());
            RunDirectory.socket(socket);
        } catch (IOException e) {
            throw new EnclaveException(e.getMessage());
        }
    }
}
