package io.scwatcher.cli;

import io.scwatcher.host.FoundVm;
import io.scwatcher.host.Vms;
import java.util.List;
import java.util.function.Supplier;

/** {@code scwatcher vms}: the VMs of this host. */
final class VmsCommand extends Command {
    private final Supplier<Boolean> json = flag("--json", "Print a JSON array.");

    VmsCommand() {
        super("vms", "Lists the VMs found on this host, and how each can be attached.");
    }

    @Override
    public Integer call() {
        List<FoundVm> found = Vms.find();
        if (json.get()) {
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
