package io.scwatcher.cli;

import io.scwatcher.host.Watch;
import io.scwatcher.host.fuse.FuseMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scwatcher mount}: the VM's /proc as a file system. */
@Command(name = "mount", mixinStandardHelpOptions = true,
        description = "Mounts the VM's /proc on a directory, read only, until Ctrl-C or umount.")
final class MountCommand implements Callable<Integer> {
    @Mixin
    private VmOptions vm;

    @Option(names = "--allow-other", description = "Let users other than the mounter look in (needs root).")
    private boolean everyone;

    @Parameters(paramLabel = "DIR", description = "An existing directory.")
    private Path directory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Watch watch = vm.open(); FuseMount mount = watch.mount(directory, everyone)) {
            VmOptions.note("/proc of " + vm.vm() + " (Linux " + watch.profile().release() + ") is on " + directory
                    + "; Ctrl-C unmounts it");
            mount.await();
        }
        return ExitCode.OK;
    }
}
