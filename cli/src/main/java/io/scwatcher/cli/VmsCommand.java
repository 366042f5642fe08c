package io.scwatcher.cli;

import io.scwatcher.host.FoundVm;
import io.scwatcher.host.Vms;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scwatcher vms}: the VMs of this host. */
@Command(name = "vms", mixinStandardHelpOptions = true,
        description = "Lists the VMs found on this host, and how each can be attached.")
final class VmsCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    @Override
    public Integer call() {
        List<FoundVm> found = Vms.find();
        if (json) {
            Json.print(found);
        } else if (found.isEmpty()) {
            VmOptions.note("no QEMU process runs on this host, or none that this user may see");
        } else {
            System.out.printf("%8s  %-24s %9s  %-10s %s%n", "PID", "NAME", "MEMORY", "MACHINE", "ATTACH");
            for (FoundVm vm : found) {
                System.out.printf("%8d  %-24s %6d MB  %-10s %s%n", vm.pid(), vm.name().isEmpty() ? "-" : vm.name(),
                        vm.memoryBytes() >> 20, vm.machine().isEmpty() ? "default" : vm.machine(), vm.attachment().description());
            }
        }
        return ExitCode.OK;
    }
}
