package io.scwatcher.cli;

import io.scwatcher.host.NativeRuntime;
import io.scwatcher.host.Watch;
import io.scwatcher.host.fuse.MountException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scwatcher run}: an unmodified tool that sees the VM. */
@Command(name = "run", mixinStandardHelpOptions = true,
        description = {"Runs a command whose /proc is the VM's. Its exit status is the command's own.", ""},
        footer = {"", "Examples:", "  scwatcher run --vm 4711 --runtime native -- ps auxww",
            "  scwatcher run --vm web1 --runtime native --capture paused -- netstat -anp",
            "  scwatcher run --vm crash.elf --runtime native -- lsof -nP"})
final class RunCommand implements Callable<Integer> {
    /** Where the command runs. */
    enum Runtime { NATIVE }

    @Mixin
    private VmOptions vm;

    @Option(names = "--runtime", required = true, paramLabel = "RUNTIME",
            description = "native: this host's own tool, in a private mount and UTS namespace. Whoever controls this host"
                    + " can falsify what it prints; enclaves are not there yet.")
    private Runtime runtime;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, after --.")
    private List<String> command;

    @Override
    public Integer call() throws MountException {
        try (Watch watch = vm.open()) {
            return new NativeRuntime(watch, VmOptions::note).run(command);
        }
    }
}
