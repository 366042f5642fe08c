package io.scwatcher.cli;

import io.scwatcher.bundle.PackageSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** What the launcher runs to find out which classes its start-up archive shall hold: the commands that are to start fast, one after the other. */
final class TrainCommand extends Command {
    private final Supplier<String> vm = option(String.class, "--vm", "VM", "A VM or dump that can be read.").required();

    TrainCommand() {
        super("train", "Runs what the start-up archive is made from; the launcher does that by itself.");
        spec().usageMessage().hidden(true);
    }

    @Override
    public Integer call() {
        int status = Main.run("cat", "--vm", vm.get(), "uptime", "[0-9]*/stat", "[0-9]*/status", "[0-9]*/statm", "[0-9]*/cmdline", "net/tcp");
        Optional<Path> bundle = PackageSource.usualToolsIfMade();
        if (status == ExitCode.OK && bundle.isPresent()) {
            status = Main.run("run", "--vm", vm.get(), "--enclave", "none", "--bundle", bundle.get().toString(), "--", "ps", "auxww");
        }
        return status;
    }
}
