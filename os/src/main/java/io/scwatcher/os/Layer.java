package io.scwatcher.os;

import io.scwatcher.cpu.Engine;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.Mounts;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Processes;
import io.scwatcher.os.view.LayerView;
import io.scwatcher.os.view.SystemView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One instance of the emulated system: file systems, processes, limits. It stays usable whatever its runs do. Safe for several threads. */
public final class Layer implements AutoCloseable {
    private final Engine engine;
    private final SystemView view;
    private final Mounts mounts;
    private final Limits limits;
    private final Processes processes;

    private Layer(Builder builder, Mounts mounts) {
        this.engine = Objects.requireNonNull(builder.engine, "engine");
        this.view = builder.view;
        this.limits = builder.limits;
        this.mounts = mounts;
        this.processes = new Processes(view.firstFreePid());
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

    /**
     * Starts a command.
     *
     * @param argv the program's path and its arguments, one {@code char} for each byte; a name without slash is looked up along PATH of {@code environment}
     * @param environment NAME=VALUE
     * @param workingDirectory absolute
     * @throws io.scwatcher.os.syscall.SystemCallException what execve(2) or chdir(2) fails with
     */
    public Run start(List<String> argv, List<String> environment, String workingDirectory, StandardStreams streams) {
        throw new UnsupportedOperationException("not there yet");
    }

    void kill(Run run, String verdict) {
        if (verdict != null) {
            run.verdict(verdict);
        }
    }

    @Override
    public void close() {
    }

    /** Puts a layer together. */
    public static final class Builder {
        private final Map<String, FileSystem> mounts = new LinkedHashMap<>();
        private Engine engine;
        private SystemView view = new LayerView();
        private Limits limits = Limits.DEFAULT;

        public Builder engine(Engine engine) {
            this.engine = engine;
            return this;
        }

        /** Mounts a file system; "/" first, then directories that exist in what is mounted already. */
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

        public Layer build() {
            FileSystem root = Objects.requireNonNull(mounts.get("/"), "nothing is mounted on /");
            return new Layer(this, new Mounts(root, "root", 0));
        }
    }
}
