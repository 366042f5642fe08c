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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * For root: the namespaces belong to one thread of this process and to what it spawns. The mounts are nowhere else, so
 * nothing is left of them when all of those have ended, in whatever way.
 */
final class RootNamespace implements Furnished {
    /** Records of who is logged in on this host, hidden from w(1), who(1) and uptime(1). */
    private static final List<Path> LOGIN_RECORDS = List.of(Path.of("/run/utmp"));

    private final NamespaceThread thread;
    private final List<FuseMount> mounts = new ArrayList<>();

    /** @param trees what to mount where */
    RootNamespace(Map<Path, Tree> trees, String hostName, BiConsumer<Path, Throwable> unexpected) throws MountException {
        try {
            thread = NamespaceThread.unshare();
        } catch (PosixException e) {
            throw new MountException("cannot make a private namespace (" + e.getMessage()
                    + "); a container needs CAP_SYS_ADMIN for it", e);
        }
        try {
            for (Map.Entry<Path, Tree> entry : trees.entrySet()) {
                Path target = entry.getKey();
                mounts.add(FuseMount.mount(entry.getValue(), target, MountOptions.ofSource(hostName).forEveryone(),
                        failure -> unexpected.accept(target, failure), thread));
            }
            thread.run(() -> furnish(hostName));
        } catch (PosixException e) {
            close();
            throw new MountException("cannot furnish the private namespace: " + e.getMessage(), e);
        } catch (MountException e) {
            close();
            throw e;
        }
    }

    private static void furnish(String hostName) throws PosixException {
        String hostProc = NativeRuntime.PROC.resolve(NativeProc.HOST_PROC).toString();
        try {
            Mounts.mount("proc", hostProc, "proc", Mounts.MS_RDONLY, "subset=pid");
        } catch (PosixException olderThanLinux58) {
            Mounts.mount("proc", hostProc, "proc", Mounts.MS_RDONLY, null);
        }
        for (Path record : LOGIN_RECORDS) {
            if (Files.isRegularFile(record)) {
                Mounts.mount("/dev/null", record.toString(), null, Mounts.MS_BIND, null);
            }
        }
        Namespaces.setHostName(hostName);
    }

    @Override
    public ChildProcess spawn(List<String> command, Map<String, String> environment, Collection<Integer> defaults)
            throws PosixException {
        ChildProcess[] child = new ChildProcess[1];
        thread.run(() -> child[0] = ChildProcess.spawn(command, environment, defaults));
        return child[0];
    }

    @Override
    public void close() {
        for (FuseMount mount : mounts.reversed()) {
            try {
                mount.close();
            } catch (IOException goneWithItsNamespace) {
                // nobody but us could have unmounted it
            }
        }
        thread.close();
    }
}
