package io.scwatcher.host;

import io.scwatcher.host.fuse.FuseMount;
import io.scwatcher.host.fuse.MountException;
import io.scwatcher.host.fuse.MountOptions;
import io.scwatcher.host.fuse.Tree;
import io.scwatcher.host.posix.ChildProcess;
import io.scwatcher.host.posix.Mounts;
import io.scwatcher.host.posix.Namespaces;
import io.scwatcher.host.posix.PosixException;
import io.scwatcher.host.proc.NativeProc;
import io.scwatcher.host.proc.SysModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a tool of this host, unmodified, in a private mount and UTS namespace in which /proc is a VM's and the host's name
 * is the VM's. The tool shares terminal, process group and standard streams with this process.
 *
 * <p>The namespaces belong to one thread of this process and to what it spawns. The mounts are nowhere else, so nothing
 * is left of them when all of those have ended, in whatever way.
 */
public final class NativeRuntime {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final long PATIENCE_SECONDS = 5;
    private static final Path PROC = Path.of("/proc");
    private static final Path SYS_MODULE = Path.of("/sys/module");
    /** Records of who is logged in on this host, hidden from w(1), who(1) and uptime(1). */
    private static final List<Path> LOGIN_RECORDS = List.of(Path.of("/run/utmp"), Path.of("/var/run/utmp"));

    private final Tree vm;
    private final String hostName;
    private final Consumer<String> notes;

    /**
     * @param vm the VM's /proc
     * @param hostName what {@code uname -n} shall tell
     * @param notes takes lines for the person at the terminal
     */
    public NativeRuntime(Tree vm, String hostName, Consumer<String> notes) {
        this.vm = vm;
        this.hostName = hostName;
        this.notes = notes;
    }

    /**
     * Runs a command to its end. While it runs, SIGINT and SIGQUIT of the terminal are its own affair; when this process
     * is told to end, it passes SIGTERM on and waits.
     *
     * @return the command's exit status; 128 + n where signal n ended it, 127 if it is not found, 126 if not executable
     * @throws MountException one line: why there can be no namespace or no mount
     */
    public int run(List<String> command) throws MountException {
        try (NamespaceThread namespace = NamespaceThread.unshare();
                FuseMount proc = mount(vm(NativeProc.withHostProc(vm.root())), PROC, namespace);
                FuseMount modules = Files.isDirectory(SYS_MODULE)
                        ? mount(vm(new SysModule(vm.root())), SYS_MODULE, namespace) : null) {
            namespace.run(this::furnish);
            ChildProcess.keepDescriptors();
            return spawnAndWait(command, namespace);
        } catch (PosixException e) {
            throw new MountException("cannot make the private namespace: " + e.getMessage(), e);
        } catch (MountException e) {
            throw e;
        } catch (IOException e) {
            throw new MountException(e.getMessage(), e);
        }
    }

    private Tree vm(io.scwatcher.vfs.Directory root) {
        return new Tree(root, vm.generation());
    }

    private FuseMount mount(Tree tree, Path target, NamespaceThread namespace) throws MountException {
        return FuseMount.mount(tree, target, MountOptions.ofSource(hostName).forEveryone(),
                failure -> notes.accept("while serving " + target + ": " + failure), namespace);
    }

    private void furnish() throws PosixException {
        String hostProc = PROC.resolve(NativeProc.HOST_PROC).toString();
        try {
            Mounts.mount("proc", hostProc, "proc", Mounts.MS_RDONLY, "subset=pid");
        } catch (PosixException olderThan58) {
            Mounts.mount("proc", hostProc, "proc", Mounts.MS_RDONLY, null);
        }
        for (Path record : LOGIN_RECORDS) {
            if (Files.isRegularFile(record)) {
                Mounts.mount("/dev/null", record.toString(), null, Mounts.MS_BIND, null);
            }
        }
        Namespaces.setHostName(hostName);
    }

    private int spawnAndWait(List<String> command, NamespaceThread namespace) throws PosixException {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PROC_ROOT", PROC.toString()); // ss(8) then reads /proc and does not ask this host's kernel
        CountDownLatch ended = new CountDownLatch(1);
        try (ChildProcess.KeyboardSignals signals = new ChildProcess.KeyboardSignals()) {
            ChildProcess[] child = new ChildProcess[1];
            try {
                namespace.run(() -> child[0] = ChildProcess.spawn(command, environment, signals));
            } catch (PosixException e) {
                boolean missing = e.errno() == PosixException.ENOENT;
                notes.accept(missing ? command.getFirst() + ": command not found" : e.getMessage());
                return missing ? NOT_FOUND : NOT_EXECUTABLE;
            }
            Thread passOn = new Thread(() -> end(child[0], ended), "end-command");
            Runtime.getRuntime().addShutdownHook(passOn);
            try {
                return child[0].await();
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
