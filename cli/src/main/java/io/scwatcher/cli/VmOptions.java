package io.scwatcher.cli;

import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.host.Watch;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The options of every command that reads a VM. */
final class VmOptions {
    private final Supplier<String> vm;
    private final Supplier<Capture> capture;

    VmOptions(Command command) {
        this(command, true);
    }

    /** For a command that can do without a VM: {@link #isGiven} tells. */
    static VmOptions optional(Command command) {
        return new VmOptions(command, false);
    }

    private VmOptions(Command command, boolean required) {
        var declaration = command.option(String.class, "--vm", "VM", "QEMU process id, libvirt or testbed name, QMP socket, or dump file.");
        vm = required ? declaration.required() : declaration.orNull();
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

    boolean isGiven() {
        return vm.get() != null;
    }

    Capture capture() {
        return capture.get();
    }

    /** As another process would have to be told: with the absolute path of what is a file here. */
    String absolute() {
        Path file = Path.of(vm());
        return Files.exists(file) ? file.toAbsolutePath().toString() : vm();
    }

    static void note(String line) {
        System.err.println("scwatcher: " + line);
    }
}
