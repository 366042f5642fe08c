package io.scwatcher.cli;

import io.scwatcher.host.Capture;
import io.scwatcher.host.Watch;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import java.util.function.Supplier;

/** The options of every command that reads a VM. */
final class VmOptions {
    private final Supplier<String> vm;
    private final Supplier<Capture> capture;

    VmOptions(Command command) {
        vm = command.option(String.class, "--vm", "VM", "QEMU process id, libvirt or testbed name, QMP socket, or dump file.")
                .required();
        capture = command.option(Capture.class, "--capture", "KIND",
                "live: read the VM as it runs (the default); what is seen may be torn.",
                "paused: let it stand still meanwhile; it goes on afterwards in any case.").orElse("live");
    }

    /** Opens the VM and profiles its kernel; notes for people go to stderr. */
    Watch open() {
        return open(DiscoveryListener.NONE);
    }

    Watch open(DiscoveryListener profiling) {
        return Watch.open(vm(), capture.get(), Watch.STALENESS, profiling, VmOptions::note);
    }

    String vm() {
        return vm.get();
    }

    static void note(String line) {
        System.err.println("scwatcher: " + line);
    }
}
