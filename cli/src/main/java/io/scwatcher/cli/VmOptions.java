package io.scwatcher.cli;

import io.scwatcher.host.Capture;
import io.scwatcher.host.Watch;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import picocli.CommandLine.Option;

/** The options of every command that reads a VM. */
final class VmOptions {
    @Option(names = "--vm", required = true, paramLabel = "VM",
            description = "QEMU process id, libvirt or testbed name, QMP socket, or dump file.")
    private String vm;

    @Option(names = "--capture", defaultValue = "live", paramLabel = "KIND",
            description = {"live: read the VM as it runs (the default); what is seen may be torn.",
                "paused: let it stand still meanwhile; it goes on afterwards in any case."})
    private Capture capture;

    /** Opens the VM and profiles its kernel; notes for people go to stderr. */
    Watch open() {
        return open(DiscoveryListener.NONE);
    }

    Watch open(DiscoveryListener profiling) {
        return Watch.open(vm, capture, Watch.STALENESS, profiling, VmOptions::note);
    }

    String vm() {
        return vm;
    }

    static void note(String line) {
        System.err.println("scwatcher: " + line);
    }
}
