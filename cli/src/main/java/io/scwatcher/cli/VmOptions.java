package io.scwatcher.cli;

import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import picocli.CommandLine.Option;

/** The options of every command that reads a VM. */
final class VmOptions {
    @Option(names = "--vm", required = true, paramLabel = "VM",
            description = "QEMU process id, libvirt or testbed name, QMP socket, or dump file.")
    String vm;

    @Option(names = "--debug", description = "Print stack traces of failures.")
    boolean debug;

    GuestMemory openMemory() {
        return GuestMemories.open(vm);
    }

    KernelProfile discover(GuestMemory memory) {
        return KernelProfile.discover(memory, DiscoveryListener.NONE);
    }
}
