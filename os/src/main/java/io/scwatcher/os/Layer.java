package io.scwatcher.os;

import static io.scwatcher.os.abi.Signal.SIGKILL;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.FsContext;
import io.scwatcher.os.fs.Mounts;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.futex.FutexTable;
import io.scwatcher.os.net.Network;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.syscall.SystemCallTrace;
import io.scwatcher.os.syscall.SystemCalls;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.GroupExit;
import io.scwatcher.os.task.Launch;
import io.scwatcher.os.task.Processes;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.task.Ticker;
import io.scwatcher.os.time.Clocks;
import io.scwatcher.os.time.Timers;
import io.scwatcher.os.tty.Terminals;
import io.scwatcher.os.view.LayerView;
import io.scwatcher.os.view.SystemView;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One instance of the emulated system: file systems, processes, limits. It stays usable whatever its runs do. Safe for several threads. */
public final class Layer implements AutoCloseable {
    /** How many times more memory programs may have than the layer on their behalf. */
    private static final int KERNEL_SHARE = 4;

    private final Engine engine;
    private final SystemView view;
    private final Mounts mounts;
    private final Limits limits;
    private final KernelMemory kernelMemory;
    private final SystemCallTrace trace;
    private final BiConsumer<Task, Throwable> failures;
    private final Processes processes;
    private final Clocks clocks;
    private final Timers timers = new Timers();
    private final FutexTable futexes = new FutexTable();
    private final Network network;
    private final Terminals terminals = new Terminals(this);
    private final Statistics statistics = new Statistics();
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService threads = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("task-", 0).factory());
    private final Ticker ticker = new Ticker(this);

    private Layer(Builder builder, Mounts mounts) {
        this.engine = builder.engine == null ? Engines.mixed() : builder.engine;
        this.view = builder.view;
        this.limits = builder.limits;
        this.kernelMemory = new KernelMemory(builder.limits.memory() / KERNEL_SHARE);
        this.trace = builder.trace == null ? null : new SystemCallTrace(builder.trace);
        this.failures = builder.failures;
        this.mounts = mounts;
        this.clocks = new Clocks(view);
        this.processes = new Processes(view.firstFreePid());
        this.network = new Network(view.network(), kernelMemory);
    }

    public static Builder builder() {
        return new Builder();
    }

    public Engine engine() {
        return engine;
    }

    /** What programs are told about the system and its other processes. */
    public SystemView view() {
        return view;
    }

    /** The tree of file systems of new runs. */
    public Mounts mounts() {
        return mounts;
    }

    /** The layer's own processes. */
    public Processes processes() {
        return processes;
    }

    public SystemCallTable systemCalls() {
        return SystemCalls.TABLE;
    }

    /** Null unless asked for. */
    public SystemCallTrace trace() {
        return trace;
    }

    /** What the layer holds for programs beside their memory. */
    public KernelMemory kernelMemory() {
        return kernelMemory;
    }

    public FutexTable futexes() {
        return futexes;
    }

    public Terminals terminals() {
        return terminals;
    }

    public Network network() {
        return network;
    }

    public Clocks clocks() {
        return clocks;
    }

    public Timers timers() {
        return timers;
    }

    public Statistics statistics() {
        return statistics;
    }

    /** Random bytes fit for keys. */
    public byte[] random(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /**
     * Starts a command.
     *
     * @param argv the program's path and its arguments, one {@code char} for each byte; a name without slash is looked up along PATH of {@code environment}
     * @param environment NAME=VALUE
     * @param workingDirectory absolute
     * @throws io.scwatcher.os.syscall.SystemCallException what execve(2) or chdir(2) fails with
     */
    public Run start(List<String> argv, List<String> environment, String workingDirectory, StandardStreams streams) {
        return start(argv, environment, workingDirectory, streams, Credentials.root(), limits);
    }

    /** Likewise, as somebody else than the superuser or with other limits than the layer's. */
    public Run start(List<String> argv, List<String> environment, String workingDirectory, StandardStreams streams, Credentials credentials, Limits runLimits) {
        Run run = new Run(this, runLimits, streams);
        streams.meter(run::countOutput);
        Launch.start(run, new Launch.Command(argv, environment, workingDirectory, streams, credentials), group -> {
            run.first(group);
            terminals.attach(streams, group);
        });
        return run;
    }

    /** Lets a task run on a Java thread. */
    public void launch(Task task) {
        statistics.taskStarted();
        ticker.wake();
        threads.execute(() -> Launch.run(task));
    }

    void kill(Run run, String verdict) {
        if (verdict != null) {
            run.verdict(verdict);
        }
        GroupExit.killAll(run);
    }

    /** A run used more processor time than it may. */
    public void outOfTime(Run run) {
        kill(run, "killed: more than " + run.limits().cpuNanos() / 1_000_000_000 + " s of processor time");
    }

    /** A process touched more memory than its run may have. */
    public void outOfMemory(Task task) {
        task.group().run().verdict("killed " + task.name() + ": more than " + (task.group().run().limits().memory() >> 20) + " MiB of memory");
    }

    /** What the programs of a run ask about is gone. */
    public void systemLost(Run run, String line) {
        run.systemLost();
        kill(run, line);
    }

    /** The host has no thread for a new task. */
    public void outOfThreads(Task task) {
        task.group().run().verdict("killed " + task.name() + ": the host has no more threads");
    }

    /** A bug of the layer, found while this task ran; or the JVM's memory is exhausted. */
    public void failed(Task task, Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            // whatever this layer was about to change may be half done
            kill(task.group().run(), "killed: no memory is left for what it makes the layer keep");
            return;
        }
        task.group().run().verdict("killed " + task.name() + ": internal error: " + failure);
        failures.accept(task, failure);
    }

    /** Kills all runs. */
    @Override
    public void close() {
        processes.groups().forEach(group -> GroupExit.begin(group, SIGKILL));
        ticker.close();
        timers.close();
        threads.shutdown();
    }

    /** Puts a layer together. */
    public static final class Builder {
        private final Map<String, FileSystem> mounts = new LinkedHashMap<>();
        private Engine engine;
        private SystemView view = new LayerView();
        private Limits limits = Limits.DEFAULT;
        private Consumer<String> trace;
        private BiConsumer<Task, Throwable> failures = (task, failure) -> System.getLogger("io.scwatcher.os").log(System.Logger.Level.ERROR, task.toString(), failure);

        /** How guest code is executed; interpreted and compiled unless said otherwise. */
        public Builder engine(Engine engine) {
            this.engine = engine;
            return this;
        }

        /** Mounts a file system; "/" first, then on directories that exist in what is mounted already. */
        public Builder mount(String path, FileSystem fileSystem) {
            mounts.put(path, fileSystem);
            return this;
        }

        public Builder systemView(SystemView view) {
            this.view = view;
            return this;
        }

        public Builder limits(Limits limits) {
            this.limits = limits;
            return this;
        }

        /** Who gets a line for each system call. */
        public Builder trace(Consumer<String> log) {
            this.trace = log;
            return this;
        }

        /** Who is told of exceptions that no program should be able to cause. */
        public Builder failures(BiConsumer<Task, Throwable> listener) {
            this.failures = listener;
            return this;
        }

        public Layer build() {
            FileSystem root = Objects.requireNonNull(mounts.get("/"), "nothing is mounted on /");
            Mounts tree = new Mounts(root, root.type(), 0);
            FsContext context = new FsContext(tree);
            mounts.forEach((path, fileSystem) -> {
                if (fileSystem != root) {
                    PathWalk walk = new PathWalk(null, context, Credentials.root());
                    int error = walk.resolve(OpenFlags.AT_FDCWD, path, PathWalk.FOLLOW | PathWalk.DIRECTORY);
                    if (error != 0) {
                        throw new IllegalArgumentException("cannot mount on " + path + ": " + Errno.name(-error));
                    }
                    tree.mount(walk.location(), fileSystem, fileSystem.type(), 0);
                }
            });
            Layer layer = new Layer(this, tree);
            mounts.values().forEach(fileSystem -> fileSystem.attach(layer));
            return layer;
        }
    }
}
