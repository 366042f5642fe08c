package io.scwatcher.host.agent;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.channel.page.EpochKind;
import io.scwatcher.channel.session.AgentAddress;
import io.scwatcher.host.RunDirectory;
import io.scwatcher.host.StateDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An agent for one VM of this host and one simulated enclave: a child process that ends with this object, and with this process, however that ends. All listen in one
 * directory, which only this user may enter, and all have this user's agent key, so that an enclave's configuration can name both before the agent runs.
 */
public final class LocalAgent implements AutoCloseable {
    private static final String MODULE = "io.scwatcher.host";
    private static final String SUFFIX = ".sock";
    private static final int START_SECONDS = 60;
    private static final int END_SECONDS = 10;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Process process;
    private final Path socket;
    private final Bytes key;

    private LocalAgent(Process process, Path socket, Bytes key) {
        this.process = process;
        this.socket = socket;
        this.key = key;
    }

    /**
     * Which enclave may read which VM.
     *
     * @param vm what {@link io.scwatcher.host.Vms#resolve} takes
     * @param mrEnclave on this user's simulated platform
     * @param configuration SHA-256 of the configuration that the enclave must claim; null for any
     * @param allowPause whether it may let the VM stand still
     */
    public record Request(String vm, Bytes mrEnclave, Bytes configuration, boolean allowPause) {}

    /** Where the sockets of all local agents of this user are. It need not exist. */
    public static Path directory() {
        return RunDirectory.of("agents");
    }

    /**
     * Starts an agent, and waits until it answers.
     *
     * @param notes takes lines for people for as long as it runs
     * @throws AgentException one line: the VM cannot be opened, or no agent can be started
     */
    public static LocalAgent start(Request request, Consumer<String> notes) {
        Process process = null;
        try {
            Path socket = RunDirectory.socket(RunDirectory.make(directory()).resolve(ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet() + SUFFIX));
            removeLeftOver();
            Set<EpochKind> captures = request.allowPause() ? EnumSet.allOf(EpochKind.class) : EnumSet.of(EpochKind.LIVE);
            String policy = AgentPolicy.simulated(StateDirectory.simulatedPlatform().anchor().keyDigest(), request.mrEnclave(), request.configuration(), captures);
            process = new ProcessBuilder(command(request.vm(), socket, ProcessHandle.current().pid())).start();
            // As one line; stays open for as long as the agent shall run.
            Writer input = process.outputWriter(StandardCharsets.UTF_8);
            input.write(policy.replace('\n', ' ') + "\n");
            input.flush();
            return new LocalAgent(process, socket, new Start(process, notes).await());
        } catch (IOException | AttestationException | RuntimeException e) {
            if (process != null) {
                process.destroyForcibly();
            }
            throw e instanceof AgentException told ? told : new AgentException("no agent can be started: " + e.getMessage(), e);
        }
    }

    /** @param parent the process with which the agent is to end */
    static List<String> command(String vm, Path socket, long parent) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:-UsePerfData",
                "-XX:-MaxFDLimit", "-Xshare:auto", "--enable-native-access=io.scwatcher.memory,io.scwatcher.host", "--module-path", modulePath(), "-m",
                MODULE + "/" + AgentMain.class.getName()));
        command.addAll(List.of(vm, "unix:" + socket, Long.toString(parent)));
        return command;
    }

    /** All modules of this program that are files: whichever the agent needs is among them. */
    private static String modulePath() {
        return ModuleLayer.boot().configuration().modules().stream().map(module -> module.reference()).map(ModuleReference::location)
                .flatMap(location -> location.filter(uri -> uri.getScheme().equals("file")).stream()).map(uri -> Path.of(uri).toString()).sorted()
                .collect(Collectors.joining(":"));
    }

    /** A process that is to become ready. What it says to its standard error before that is why it does not; afterwards, notes. */
    private static final class Start {
        private final Process process;
        private final Consumer<String> notes;
        private final Thread errors;
        private boolean ready;
        private String last = "the agent ended before it was ready";

        Start(Process process, Consumer<String> notes) {
            this.process = process;
            this.notes = notes;
            errors = Thread.ofVirtual().name("agent-notes").start(this::pass);
        }

        private void pass() {
            try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    take(line);
                }
            } catch (IOException e) {
                // It has ended.
            }
        }

        private synchronized void take(String line) {
            if (ready) {
                notes.accept(line);
            } else {
                last = line;
            }
        }

        private synchronized String last() {
            return last;
        }

        Bytes await() {
            CompletableFuture<String> first = CompletableFuture.supplyAsync(this::firstLine, Thread.ofVirtual()::start);
            try {
                String line = first.get(START_SECONDS, TimeUnit.SECONDS);
                if (line != null && line.startsWith(AgentMain.READY)) {
                    synchronized (this) {
                        ready = true;
                    }
                    return Bytes.ofHex(line.substring(AgentMain.READY.length()));
                }
                errors.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
                throw new AgentException(last());
            } catch (TimeoutException e) {
                throw new AgentException("the agent was not ready after " + START_SECONDS + " s");
            } catch (InterruptedException | ExecutionException e) {
                throw new AgentException("interrupted while the agent started");
            }
        }

        private String firstLine() {
            try {
                return process.inputReader(StandardCharsets.UTF_8).readLine();
            } catch (IOException e) {
                return null;
            }
        }
    }

    /** Sockets of processes that are gone. */
    private static void removeLeftOver() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String owner = file.getFileName().toString().replaceFirst("-.*", "");
                if (owner.matches("[1-9][0-9]{0,8}") && ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    public AgentAddress address() {
        return AgentAddress.parse("agent+unix:" + socket);
    }

    /** SHA-256 of its key, as it told itself. */
    public Bytes key() {
        return key;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it; a VM that was paused goes on. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(socket);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The next one that starts removes it.
        }
    }
}
