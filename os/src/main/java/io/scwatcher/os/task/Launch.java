package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.EACCES;
import static io.scwatcher.os.abi.Errno.EAGAIN;
import static io.scwatcher.os.abi.Errno.ENOENT;
import static io.scwatcher.os.abi.Errno.ENOTDIR;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.os.Layer;
import io.scwatcher.os.Run;
import io.scwatcher.os.StandardStreams;
import io.scwatcher.os.fs.FileDescriptorTable;
import io.scwatcher.os.fs.FsContext;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.mm.MemoryDescriptor;
import io.scwatcher.os.signal.SignalActions;
import io.scwatcher.os.signal.SignalState;
import io.scwatcher.os.syscall.SystemCallException;
import java.util.List;
import java.util.function.Consumer;

/** Makes the first process of a run: a session of its own, with descriptors 0 to 2. */
public final class Launch {
    private Launch() {}

    /** What to start. */
    public record Command(List<String> argv, List<String> environment, String workingDirectory, StandardStreams streams, Credentials credentials) {}

    /**
     * Starts a command.
     *
     * @param made gets the process before it runs
     * @throws SystemCallException what execve(2) or chdir(2) fails with
     */
    public static void start(Run run, Command command, Consumer<ThreadGroup> made) {
        Layer layer = run.layer();
        Processes processes = layer.processes();
        int id = processes.allocate();
        if (id < 0 || !run.acquireTask()) {
            throw SystemCallException.of(EAGAIN);
        }
        Task task = task(run, command, id);
        ThreadGroup group = task.group();
        synchronized (processes) {
            group.leader = task;
            group.tasks.add(task);
            group.session = new Session(id);
            group.processGroup = id;
            processes.use(id);
            processes.use(id);
            processes.add(task);
        }
        made.accept(group);
        task.mm().space().turn().take(task.cpu()::requestAttention);
        boolean started = false;
        try {
            chdir(task, command.workingDirectory);
            execute(task, command);
            task.mm().space().turn().leave();
            started = true;
        } finally {
            if (!started) {
                TaskExit.exit(task);
            }
        }
        layer.launch(task);
    }

    private static Task task(Run run, Command command, int id) {
        Layer layer = run.layer();
        ThreadGroup group = new ThreadGroup(layer, run, id);
        group.actions = new SignalActions();
        group.limits = new ResourceLimits();
        MemoryDescriptor mm = new MemoryDescriptor(new AddressSpace(run.account()));
        FileDescriptorTable files = new FileDescriptorTable(layer.kernelMemory());
        StandardStreams streams = command.streams;
        files.install(streams.input(), false);
        files.install(streams.output(), false);
        files.install(streams.error(), false);
        FsContext context = new FsContext(layer.mounts());
        return new Task(layer, id, group, new Cpu(mm.space()), new SignalState(), mm, files, context, command.credentials, "scwatcher");
    }

    private static void chdir(Task task, String path) {
        PathWalk walk = new PathWalk(task);
        int error = walk.resolve(OpenFlags.AT_FDCWD, path, PathWalk.FOLLOW | PathWalk.DIRECTORY);
        if (error != 0) {
            throw SystemCallException.of(-error);
        }
        task.fsContext().workingDirectory(walk.location());
    }

    /** As execvp(3). */
    private static void execute(Task task, Command command) {
        String name = command.argv.getFirst();
        if (name.contains("/")) {
            check(Exec.execute(task, OpenFlags.AT_FDCWD, name, command.argv, command.environment, 0));
            return;
        }
        String path = command.environment.stream().filter(variable -> variable.startsWith("PATH=")).findFirst().orElse("PATH=/bin:/usr/bin").substring(5);
        int worst = ENOENT;
        for (String directory : path.split(":", -1)) {
            try {
                check(Exec.execute(task, OpenFlags.AT_FDCWD, directory.isEmpty() ? name : directory + "/" + name, command.argv, command.environment, 0));
                return;
            } catch (SystemCallException e) {
                if (e.errno() == EACCES) {
                    worst = EACCES;
                } else if (e.errno() != ENOENT && e.errno() != ENOTDIR) {
                    throw e;
                }
            }
        }
        throw SystemCallException.of(worst);
    }

    private static void check(int error) {
        if (error != 0) {
            throw SystemCallException.of(-error);
        }
    }

    /** Runs a task on the calling thread until it ends. */
    public static void run(Task task) {
        TaskLoop.run(task);
    }
}
