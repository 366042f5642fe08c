package io.scwatcher.cli;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.channel.session.AgentAddress;
import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.host.Watch;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The options of every command that reads a VM. */
final class VmOptions {
    private final Supplier<String> vm;
    private final Supplier<Capture> capture;
    private final Supplier<String> agentKey;
    private final Command command;

    VmOptions(Command command) {
        this(command, true);
    }

    /** For a command that can do without a VM: {@link #isGiven} tells. */
    static VmOptions optional(Command command) {
        return new VmOptions(command, false);
    }

    private VmOptions(Command command, boolean required) {
        var declaration = command.option(String.class, "--vm", "VM", "QEMU process id, libvirt or testbed name, QMP socket, dump file, or an agent's address:"
                + " agent://HOST:PORT[/VM] or agent+unix:PATH[#VM].");
        this.command = command;
        vm = required ? declaration.required() : declaration.orNull();
        capture = command.option(Capture.class, "--capture", "KIND",
                "live: read the VM as it runs (the default); what is seen may be torn.",
                "paused: let it stand still meanwhile; it goes on afterwards in any case.").orElse("live");
        agentKey = command.option(String.class, "--agent-key", "sha256:HEX", "The key that the agent must have, as the agent printed it. Default: what the file known-agents says.")
                .orNull();
    }

    /** Opens the VM and profiles its kernel; notes for people go to stderr. */
    Watch open() {
        return open(DiscoveryListener.NONE);
    }

    Watch open(DiscoveryListener profiling) {
        return Watch.open(vm(), capture.get(), Watch.STALENESS, profiling, VmOptions::note);
    }

    /** With the agent's key, where it is an agent's address and the key is given. */
    String vm() {
        String given = vm.get();
        if (agentKey.get() == null) {
            return given;
        }
        if (given == null || !AgentAddress.isAgent(given)) {
            throw command.wrong("--agent-key goes with the address of an agent");
        }
        if (!agentKey.get().matches("sha256:[0-9a-f]{64}")) {
            throw command.wrong("--agent-key: sha256: and 64 hexadecimal digits");
        }
        return address(given).pinned(Bytes.ofHex(agentKey.get().substring("sha256:".length()))).toString();
    }

    private AgentAddress address(String given) {
        try {
            return AgentAddress.parse(given);
        } catch (IllegalArgumentException e) {
            throw command.wrong("--vm: " + e.getMessage());
        }
    }

    /** The agent's address, with the key if that was given; empty if the VM is none behind an agent. */
    Optional<AgentAddress> agentAddress() {
        return vm.get() != null && AgentAddress.isAgent(vm.get()) ? Optional.of(address(vm())) : Optional.empty();
    }

    boolean isGiven() {
        return vm.get() != null;
    }

    Capture capture() {
        return capture.get();
    }

    /** As another process would have to be told: with the absolute path of what is a file here. */
    String absolute() {
        if (agentAddress().isPresent()) {
            return agentAddress().get().toString();
        }
        Path file = Path.of(vm());
        return Files.exists(file) ? file.toAbsolutePath().toString() : vm();
    }

    static void note(String line) {
        System.err.println("scwatcher: " + line);
    }
}
