package io.scwatcher.cli;

import io.scwatcher.host.NativeRuntime;
import io.scwatcher.host.Watch;
import io.scwatcher.host.fuse.MountException;
import java.util.List;
import java.util.function.Supplier;

/** {@code scwatcher run}: an unmodified tool that sees the VM. */
final class RunCommand extends Command {
    /** Where the command runs. */
    enum Runtime { NATIVE }

    private final VmOptions vm = new VmOptions(this);
    private final Supplier<Runtime> runtime = option(Runtime.class, "--runtime", "RUNTIME",
            "native: this host's own tool, in a private mount and UTS namespace. Whoever controls this host can falsify what it"
                    + " prints; enclaves are not there yet.").required();
    private final Supplier<List<String>> command = operands(1, "COMMAND", "The command and its arguments, after --.");

    RunCommand() {
        super("run", "Runs a command whose /proc is the VM's. Its exit status is the command's own.", "");
        footer("", "Examples:", "  scwatcher run --vm 4711 --runtime native -- ps auxww",
                "  scwatcher run --vm web1 --runtime native --capture paused -- netstat -anp",
                "  scwatcher run --vm crash.elf --runtime native -- lsof -nP");
    }

    @Override
    public Integer call() throws MountException {
        try (Watch watch = vm.open()) {
            return new NativeRuntime(watch, VmOptions::note).run(command.get());
        }
    }
}
