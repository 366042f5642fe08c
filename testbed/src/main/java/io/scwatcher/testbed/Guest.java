package io.scwatcher.testbed;

import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.RunDirectory;
import io.scwatcher.testbed.qemu.ExecChannel;
import io.scwatcher.testbed.qemu.Qmp;
import io.scwatcher.testbed.qemu.QemuCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A running test VM. Several processes may use one; commands of several threads run in it at the same time. */
public final class Guest implements AutoCloseable {
    private static final String STATE = "guest.properties";

    private final Path directory;
    private final Properties state;

    private Guest(Path directory, Properties state) {
        this.directory = directory;
        this.state = state;
    }

    static Guest create(Path directory, long pid, GuestOptions options, String release, boolean kvm, Path userSpace)
            throws IOException {
        Properties state = new Properties();
        state.setProperty("name", options.name());
        state.setProperty("uuid", options.uuid().toString());
        state.setProperty("pid", Long.toString(pid));
        state.setProperty("release", release);
        state.setProperty("userSpace", userSpace.toString());
        state.setProperty("acceleration", kvm ? "kvm" : "tcg");
        state.setProperty("machine", options.machine().name().toLowerCase(java.util.Locale.ROOT));
        state.setProperty("cpus", Integer.toString(options.cpus()));
        state.setProperty("memoryMiB", Integer.toString(options.memoryMiB()));
        state.setProperty("pagingLevels", Integer.toString(options.pagingLevels()));
        state.setProperty("memory", options.memory().name().toLowerCase(java.util.Locale.ROOT));
        Path partial = directory.resolve(STATE + ".new");
        try (OutputStream out = Files.newOutputStream(partial)) {
            state.store(out, null);
        }
        Files.move(partial, directory.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
        return new Guest(directory, state);
    }

    /** The running guests of this user, by name. */
    public static List<Guest> list() {
        return RunDirectory.all().stream().map(Guest::open).flatMap(Optional::stream).filter(Guest::isRunning).toList();
    }

    /** The running guest of that name. */
    public static Optional<Guest> find(String name) {
        return open(RunDirectory.guests().resolve(name)).filter(Guest::isRunning);
    }

    /**
     * The running guest of that name.
     *
     * @throws TestbedException if there is none
     */
    public static Guest byName(String name) {
        return find(name).orElseThrow(() -> new TestbedException("no guest named " + name + " is running: `testbed list`"
                + " shows those that are, `testbed up --name " + name + "` starts one"));
    }

    private static Optional<Guest> open(Path directory) {
        Properties state = new Properties();
        try (InputStream in = Files.newInputStream(directory.resolve(STATE))) {
            state.load(in);
            return Optional.of(new Guest(directory, state));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public String name() {
        return state.getProperty("name");
    }

    /** QEMU's process id. */
    public long pid() {
        return Long.parseLong(state.getProperty("pid"));
    }

    /** QEMU's machine protocol, for watchers; the testbed itself uses another one. */
    public Path qmpSocket() {
        return directory.resolve("qmp.sock");
    }

    /** The kernel's release name. */
    public String release() {
        return state.getProperty("release");
    }

    /** The directory of this machine that its root disk was made of: the guest's own programs, libraries and settings. */
    public Path userSpace() {
        return Path.of(state.getProperty("userSpace"));
    }

    /** {@code kvm} or {@code tcg}. */
    public String acceleration() {
        return state.getProperty("acceleration");
    }

    /** What the guest's kernel printed to its serial console so far. */
    public Path consoleLog() {
        return directory.resolve("console.log");
    }

    /** All that is known about it, by name: for `testbed list`. */
    public Map<String, String> properties() {
        Map<String, String> all = new java.util.TreeMap<>();
        state.stringPropertyNames().forEach(name -> all.put(name, state.getProperty(name)));
        all.put("qmp", qmpSocket().toString());
        return all;
    }

    /** Whether its QEMU is still there. */
    public boolean isRunning() {
        try {
            String command = Files.readString(Path.of("/proc", Long.toString(pid()), "cmdline"), StandardCharsets.ISO_8859_1);
            return command.contains("\0" + state.getProperty("uuid") + "\0");
        } catch (IOException e) {
            return false;
        }
    }

    /** Executes a command in the guest, with empty standard input. */
    public ExecResult exec(String... argv) {
        return exec(List.of(argv), new byte[0]);
    }

    /** Executes a command in the guest. */
    public ExecResult exec(List<String> argv, byte[] stdin) {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        int status = exec(argv, new ByteArrayInputStream(stdin), stdout, stderr);
        return new ExecResult(status, stdout.toByteArray(), stderr.toByteArray());
    }

    /** Executes a command in the guest with these streams and returns its exit status; at most four run at once. */
    public int exec(List<String> argv, InputStream stdin, OutputStream stdout, OutputStream stderr) {
        try (ExecChannel channel = ExecChannel.open(directory)) {
            return channel.execute(argv, stdin, stdout, stderr);
        }
    }

    /** Copies a file of this machine into the guest. */
    public void copyIn(Path local, String remote) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (InputStream in = Files.newInputStream(local)) {
            int status = exec(List.of("sh", "-c", "cat > \"$1\"", "sh", remote), in, OutputStream.nullOutputStream(), errors);
            new ExecResult(status, new byte[0], errors.toByteArray()).orFail();
        } catch (IOException e) {
            throw new TestbedException("cannot read " + local + ": " + e.getMessage(), e);
        }
    }

    /** Copies a file of the guest to this machine. */
    public void copyOut(String remote, Path local) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (OutputStream out = Files.newOutputStream(local)) {
            int status = exec(List.of("cat", remote), InputStream.nullInputStream(), out, errors);
            new ExecResult(status, new byte[0], errors.toByteArray()).orFail();
        } catch (IOException e) {
            throw new TestbedException("cannot write " + local + ": " + e.getMessage(), e);
        }
    }

    /** What the population says about itself: a JSON object, described in the testbed's README. */
    public String manifest() {
        return exec("cat", "/run/testbed/manifest.json").orFail().output();
    }

    /** Writes an ELF dump of the paused guest's memory, with physical addresses; the guest goes on afterwards. */
    public void dump(Path file) {
        try (Qmp qmp = control()) {
            qmp.execute("dump-guest-memory", Map.of("paging", false, "protocol", "file:" + file.toAbsolutePath()));
        }
    }

    /** Stops the guest's CPUs. */
    public void pause() {
        try (Qmp qmp = control()) {
            qmp.execute("stop", Map.of());
        }
    }

    /** Lets the guest's CPUs go on. */
    public void resume() {
        try (Qmp qmp = control()) {
            qmp.execute("cont", Map.of());
        }
    }

    private Qmp control() {
        return new Qmp(directory.resolve("control.sock"));
    }

    /** Switches the guest off and removes its run directory. */
    @Override
    public void close() {
        try {
            stop(directory);
        } catch (IOException e) {
            throw new TestbedException("cannot remove " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Ends whatever guest that directory belongs to, and removes the directory; it need not exist. */
    static void stop(Path directory) throws IOException {
        Optional<Guest> guest = open(directory).filter(Guest::isRunning);
        if (guest.isPresent()) {
            ProcessHandle qemu = ProcessHandle.of(guest.get().pid()).orElse(null);
            try (Qmp qmp = guest.get().control()) {
                qmp.execute("quit", Map.of());
            } catch (TestbedException e) {
                // It is hung or going down by itself: the signal below ends it.
            }
            if (qemu != null) {
                try {
                    qemu.onExit().get(5, TimeUnit.SECONDS);
                } catch (Exception e) {
                    qemu.destroyForcibly();
                }
            }
        }
        Files.deleteIfExists(QemuCommand.sharedFile(directory));
        Cache.deleteTree(directory);
    }
}
