package io.scwatcher.host;

import io.scwatcher.host.fuse.FuseMount;
import io.scwatcher.host.fuse.MountException;
import io.scwatcher.host.fuse.MountOptions;
import io.scwatcher.host.fuse.Tree;
import io.scwatcher.host.posix.ChildProcess;
import io.scwatcher.host.posix.PosixException;
import io.scwatcher.host.proc.NativeProc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * For users other than root, where the host lets them make user namespaces: the trees are mounted on temporary
 * directories, and unshare(1) with a shell binds them where they belong. The command sees itself as root.
 */
final class UserNamespace implements Furnished {
    /** Arguments: host name, number of binds, source and target of each, then the command. */
    private static final String SCRIPT = """
            hostname "$1" || exit 125
            n=$2; shift 2
            while [ "$n" -gt 0 ]; do
                if [ "$2" = /proc ]; then mount --rbind /proc "$1/%s" || exit 125; fi
                mount --rbind "$1" "$2" || exit 125
                n=$((n - 1)); shift 2
            done
            exec "$@"
            """.formatted(NativeProc.HOST_PROC);

    private final String hostName;
    private final Map<Path, Path> binds = new LinkedHashMap<>();
    private final List<FuseMount> mounts = new ArrayList<>();

    UserNamespace(Map<Path, Tree> trees, String hostName, BiConsumer<Path, Throwable> unexpected) throws MountException {
        this.hostName = hostName;
        try {
            int status = ChildProcess.spawn(List.of("unshare", "--user", "--map-root-user", "--mount", "true"),
                    System.getenv(), List.of()).await();
            if (status != 0) {
                throw new MountException("this host lets only root make private namespaces: run as root, or mount with"
                        + " `scwatcher mount` and point the tool at that directory");
            }
            for (Map.Entry<Path, Tree> entry : trees.entrySet()) {
                Path target = entry.getKey();
                Path directory = Files.createTempDirectory("scwatcher");
                binds.put(directory, target);
                mounts.add(FuseMount.mount(entry.getValue(), directory, MountOptions.ofSource(hostName),
                        failure -> unexpected.accept(target, failure)));
            }
        } catch (PosixException e) {
            throw new MountException("unshare(1) is needed to run tools as an ordinary user: " + e.getMessage(), e);
        } catch (IOException e) {
            close();
            throw e instanceof MountException told ? told : new MountException(e.getMessage(), e);
        }
    }

    @Override
    public ChildProcess spawn(List<String> command, Map<String, String> environment, Collection<Integer> defaults)
            throws PosixException {
        List<String> arguments = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--mount", "--uts",
                "sh", "-c", SCRIPT, "scwatcher", hostName, Integer.toString(binds.size())));
        binds.forEach((source, target) -> arguments.addAll(List.of(source.toString(), target.toString())));
        arguments.addAll(command);
        return ChildProcess.spawn(arguments, environment, defaults);
    }

    @Override
    public void close() {
        for (FuseMount mount : mounts.reversed()) {
            try {
                mount.close();
            } catch (IOException unmountedAlready) {
                // then only the directory is left
            }
        }
        for (Path directory : binds.keySet()) {
            try {
                Files.deleteIfExists(directory);
            } catch (IOException inUse) {
                // an empty directory in the temporary files
            }
        }
    }
}
