package io.scwatcher.host;

import io.scwatcher.host.fuse.MountException;
import io.scwatcher.host.fuse.Tree;
import io.scwatcher.host.posix.ChildProcess;
import io.scwatcher.host.posix.PosixException;
import io.scwatcher.host.posix.Users;
import io.scwatcher.host.proc.NativeProc;
import io.scwatcher.vprocfs.SysModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Runs a tool of this host, unmodified, in a private mount and UTS namespace in which /proc is a VM's and the host's name
 * is the VM's. The tool shares terminal, process group and standard streams with this process.
 */
public final class NativeRuntime {
    static final Path PROC = Path.of("/proc");
    private static final Path SYS_MODULE = Path.of("/sys/module");
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final long PATIENCE_SECONDS = 5;

    private final Tree vm;
    private final String hostName;
    private final Consumer<String> notes;
    private final BiConsumer<Path, Throwable> unexpected;

    /**
     * @param vm the VM's /proc
     * @param hostName what {@code uname -n} shall tell
     * @param notes takes lines for the person at the terminal
     */
    public NativeRuntime(Tree vm, String hostName, Consumer<String> notes) {
        this(vm, hostName, notes, (where, failure) -> notes.accept("while serving " + where + ": " + failure));
    }

    /** For a watched VM; what keeps its files from being read is told by the watch. */
    public NativeRuntime(Watch watch, Consumer<String> notes) {
        this(watch.tree(), watch.hostName(), notes, (where, failure) -> watch.failed(failure));
    }

    private NativeRuntime(Tree vm, String hostName, Consumer<String> notes, BiConsumer<Path, Throwable> unexpected) {
        this.vm = vm;
        this.hostName = hostName;
        this.notes = notes;
        this.unexpected = unexpected;
    }

    /**
     * Runs a command to its end. While it runs, SIGINT and SIGQUIT of the terminal are its own affair; when this process
     * is told to end, it passes SIGTERM on and waits.
     *
     * @return the command's exit status; 128 + n where signal n ended it, 127 if it is not found, 126 if not executable
     * @throws MountException one line: why there can be no namespace or no mount
     */
    public int run(List<String> command) throws MountException {
        Map<Path, Tree> trees = new LinkedHashMap<>();
        trees.put(PROC, new Tree(NativeProc.withHostProc(vm.root()), vm.generation()));
        if (Files.isDirectory(SYS_MODULE)) {
            trees.put(SYS_MODULE, new Tree(new SysModule(vm.root()), vm.generation()));
        }
        try (Furnished namespace = Users.isRoot() ? new RootNamespace(trees, hostName, unexpected)
                : new UserNamespace(trees, hostName, unexpected)) {
            ChildProcess.keepDescriptors();
            return spawnAndWait(command, namespace);
        } catch (MountException e) {
            throw e;
        } catch (IOException e) {
            throw new MountException(e.getMessage(), e);
        }
    }

    private int spawnAndWait(List<String> command, Furnished namespace) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PROC_ROOT", PROC.toString()); // ss(8) then reads /proc and does not ask this host's kernel
        try (ChildProcess.KeyboardSignals signals = new ChildProcess.KeyboardSignals()) {
            ChildProcess child;
            try {
                child = namespace.spawn(command, environment, signals.signals());
            } catch (PosixException e) {
                boolean missing = e.errno() == PosixException.ENOENT;
                notes.accept(missing ? command.getFirst() + ": command not found" : e.getMessage());
                return missing ? NOT_FOUND : NOT_EXECUTABLE;
            }
            CountDownLatch ended = new CountDownLatch(1);
            Thread passOn = new Thread(() -> end(child, ended), "end-command");
            Runtime.getRuntime().addShutdownHook(passOn);
            try {
                return child.await();
            } finally {
                ended.countDown();
                removeHook(passOn);
            }
        }
    }

    private static void end(ChildProcess child, CountDownLatch ended) {
        try {
            if (ended.getCount() > 0) {
                child.signal(ChildProcess.SIGTERM);
                if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    child.signal(ChildProcess.SIGKILL);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // then it runs, and finds the command ended
        }
    }
}
