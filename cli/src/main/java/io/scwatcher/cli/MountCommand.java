package io.scwatcher.cli;

import io.scwatcher.host.Watch;
import io.scwatcher.host.fuse.FuseMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** {@code scwatcher mount}: the VM's /proc as a file system. */
final class MountCommand extends Command {
    private final VmOptions vm = new VmOptions(this);
    private final Supplier<Boolean> everyone = flag("--allow-other", "Let users other than the mounter look in (needs root).");
    private final Supplier<Path> directory = operand(Path.class, "DIR", "An existing directory.");

    MountCommand() {
        super("mount", "Mounts the VM's /proc on a directory, read only, until Ctrl-C or umount.");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Watch watch = vm.open(); FuseMount mount = watch.mount(directory.get(), everyone.get())) {
            VmOptions.note("/proc of " + vm.vm() + " (Linux " + watch.profile().release() + ") is on " + directory.get()
                    + "; Ctrl-C unmounts it");
            mount.await();
        }
        return ExitCode.OK;
    }
}
