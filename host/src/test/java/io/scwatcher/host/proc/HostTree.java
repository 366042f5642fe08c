package io.scwatcher.host.proc;

import io.scwatcher.vfs.Directory;
import java.nio.file.Path;

/** This host's own /proc as if it were a VM's, for tests. */
public final class HostTree {
    private HostTree() {}

    public static Directory proc() {
        return (Directory) HostNodes.at(Path.of("/proc"));
    }
}
