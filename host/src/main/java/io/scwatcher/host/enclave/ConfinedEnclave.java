package io.scwatcher.host.enclave;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.host.posix.ChildProcess;
import io.scwatcher.host.posix.Descriptor;
import io.scwatcher.host.posix.ListeningSocket;
import io.scwatcher.host.posix.PosixException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A simulated enclave: the enclave's program in a confined process of its own, which ends with this object. */
public final class ConfinedEnclave implements AutoCloseable {
    private static final int SIGKILL = 9;
    private static final String SOCKET = "tenants.sock";

    private final Path directory;
    private final ChildProcess process;
    private boolean ended;

    private ConfinedEnclave(Path directory, ChildProcess process) {
        this.directory = directory;
        this.process = process;
    }

    /**
     * What the host gives to a simulated enclave.
     *
     * @param configuration the file's content; it names the paths below
     * @param platform the simulated platform's keys, inside: /host/platform
     * @param bundles a directory with bundles named by their digests, inside: /host/bundles
     * @param agents a directory with agents' sockets, inside: /host/agents
     */
    public record Gifts(byte[] configuration, Path platform, Path bundles, Path agents) {}

    /**
     * Starts it; it accepts connections at once, and answers them when it is up.
     *
     * @param directory empty, of this user alone, removed in the end
     * @param once whether it ends after the first tenant's connection
     * @throws EnclaveException one line: if this host doesn't allow it
     */
    public static ConfinedEnclave start(EnclaveProgram program, Gifts gifts, Path directory, boolean once) throws IOException {
        Path configuration = Files.write(directory.resolve("configuration.json"), gifts.configuration);
        Bytes measured = program.measurement();
        Path measurement = Files.writeString(directory.resolve("mrenclave"), measured + "\n");
        Path root = Files.createDirectory(directory.resolve("root"));
        Confinement confinement = new Confinement().give(configuration, Path.of("/configuration.json")).give(measurement, Path.of("/host/mrenclave"))
                .give(gifts.platform, Path.of("/host/platform")).give(gifts.bundles, Path.of("/host/bundles")).give(gifts.agents, Path.of("/host/agents"));
        program.give(confinement);
        List<String> command = confinement.command(root, program.arguments(once ? List.of("/configuration.json", "--once") : List.of("/configuration.json")));
        Descriptor listener = null;
        try {
            listener = ListeningSocket.open(directory.resolve(SOCKET));
            return new ConfinedEnclave(directory, ChildProcess.spawn(command, listener));
        } catch (PosixException e) {
            throw new EnclaveException("no enclave can be started: " + e.getMessage());
        } finally {
            if (listener != null) {
                listener.close();
            }
        }
    }

    /** A connection for one command. @throws IOException one line: the enclave is gone */
    public SocketChannel connect() throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve(SOCKET)));
        } catch (IOException e) {
            throw new IOException("the enclave has ended", e);
        }
    }

    /** Of the process that waits for it. */
    public int pid() {
        return process.pid();
    }

    /** Ends it, and the commands in it. */
    @Override
    public void close() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        // The first process of a PID namespace takes all others in it along; who waits for it has no other children.
        ProcessHandle.of(process.pid()).ifPresent(waiter -> waiter.children().forEach(ProcessHandle::destroyForcibly));
        process.signal(SIGKILL);
        process.await();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
