package io.scwatcher.cli;

import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.GuestOptions.Acceleration;
import io.scwatcher.testbed.GuestOptions.KernelChoice;
import io.scwatcher.testbed.GuestOptions.Machine;
import io.scwatcher.testbed.GuestOptions.MemoryBacking;
import io.scwatcher.testbed.GuestOptions.OwnKernel;
import io.scwatcher.testbed.GuestOptions.Population;
import io.scwatcher.testbed.Testbed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scwatcher testbed up}. */
@Command(name = "up", mixinStandardHelpOptions = true, showDefaultValues = true,
        description = {"Boots a guest and returns when it is ready. It runs until 'scwatcher testbed down'.",
            "The first guest of a kernel downloads packages; later ones start within seconds.", ""})
final class TestbedUpCommand implements Callable<Integer> {
    @Option(names = "--name", defaultValue = "testbed", description = "The guest's name.")
    private String name;

    @Option(names = "--kernel", defaultValue = "6.1", paramLabel = "VERSION|FILE",
            description = "Leading part of a version or release: the newest package that matches, of any release, else of the "
                    + "backports. Or a vmlinuz: a path with a slash.")
    private String kernel;

    @Option(names = "--modules", paramLabel = "DIR", description = "With --kernel FILE: its lib/modules/RELEASE directory. "
            + "Default: looked for in ../lib/modules beside FILE, then in /lib/modules.")
    private Optional<Path> modules = Optional.empty();

    @Option(names = "--append", defaultValue = "", paramLabel = "WORDS",
            description = "Further words of the kernel's command line, such as nokaslr.")
    private String append;

    @Option(names = "--kernel-flavour", defaultValue = "cloud-amd64", paramLabel = "FLAVOUR",
            description = "The distribution's kernel flavour: cloud-amd64, amd64, rt-amd64.")
    private String flavour;

    @Option(names = "--machine", defaultValue = "q35", description = "QEMU's machine type: ${COMPLETION-CANDIDATES}.")
    private Machine machine;

    @Option(names = "--cpus", defaultValue = "2", paramLabel = "N", description = "1 to 8.")
    private int cpus;

    @Option(names = "--memory", defaultValue = "1024", paramLabel = "MIB", description = "256 to 8192.")
    private int memory;

    @Option(names = "--memory-backing", defaultValue = "anonymous", paramLabel = "KIND",
            description = "What the guest's RAM is on this host: ${COMPLETION-CANDIDATES}.")
    private MemoryBacking backing;

    @Option(names = "--paging", defaultValue = "4", paramLabel = "LEVELS", description = "4 or 5.")
    private int paging;

    @Option(names = "--accel", defaultValue = "auto", paramLabel = "KIND",
            description = "How the CPUs run: ${COMPLETION-CANDIDATES}; auto takes KVM where an ordinary guest boots on it.")
    private Acceleration acceleration;

    @Option(names = "--no-population", description = "Only init and the test agents run in the guest.")
    private boolean bare;

    @Option(names = "--tasks", defaultValue = "0", paramLabel = "N", description = "Further sleeping processes, up to 10000.")
    private int tasks;

    @Option(names = "--sockets", defaultValue = "0", paramLabel = "N", description = "Further sockets, up to 50000.")
    private int sockets;

    @Option(names = "--rootkit",
            description = "A preloaded library hides a process and a listening port from the guest's own tools.")
    private boolean rootkit;

    @Option(names = "--timeout", defaultValue = "120", paramLabel = "SECONDS", description = "How long booting may take.")
    private int timeout;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        GuestOptions options = GuestOptions.defaults(name).withKernel(choice())
                .withMachine(machine).withCpus(cpus).withMemoryMiB(memory).withMemory(backing).withPagingLevels(paging)
                .withAcceleration(acceleration).withPopulation(new Population(!bare, tasks, sockets, rootkit))
                .withBootTimeoutSeconds(timeout)
                .withKernelArguments(append.isBlank() ? List.of() : List.of(append.strip().split("\\s+")));
        Guest guest = new Testbed(line -> System.err.println("scwatcher: " + line)).up(options);
        System.out.println(guest.pid());
        return ExitCode.OK;
    }

    private KernelChoice choice() {
        boolean isFile = kernel.contains("/");
        if (!isFile && modules.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--modules goes with --kernel FILE: give the kernel's path, with a slash");
        }
        return new KernelChoice(kernel, flavour, isFile ? Optional.of(new OwnKernel(Path.of(kernel), modules)) : Optional.empty());
    }
}
