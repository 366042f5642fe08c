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
import java.util.function.Supplier;

/** {@code scwatcher testbed up}. */
final class TestbedUpCommand extends Command {
    private final Supplier<String> name = option(String.class, "--name", "NAME", "The guest's name.").orElse("testbed");
    private final Supplier<String> kernel = option(String.class, "--kernel", "VERSION|FILE",
            "Leading part of a version or release: the newest package that matches, of any release, else of the backports. Or a"
                    + " vmlinuz: a path with a slash.").orElse("6.1");
    private final Supplier<Path> modules = option(Path.class, "--modules", "DIR",
            "With --kernel FILE: its lib/modules/RELEASE directory. Default: looked for in ../lib/modules beside FILE, then in"
                    + " /lib/modules.").orNull();
    private final Supplier<String> append = option(String.class, "--append", "WORDS",
            "Further words of the kernel's command line, such as nokaslr.").orNull();
    private final Supplier<String> flavour = option(String.class, "--kernel-flavour", "FLAVOUR",
            "The distribution's kernel flavour: cloud-amd64, amd64, rt-amd64.").orElse("cloud-amd64");
    private final Supplier<Machine> machine = option(Machine.class, "--machine", "TYPE",
            "QEMU's machine type: ${COMPLETION-CANDIDATES}.").orElse("q35");
    private final Supplier<Integer> cpus = option(Integer.class, "--cpus", "N", "1 to 8.").orElse("2");
    private final Supplier<Integer> memory = option(Integer.class, "--memory", "MIB", "256 to 8192.").orElse("1024");
    private final Supplier<MemoryBacking> backing = option(MemoryBacking.class, "--memory-backing", "KIND",
            "What the guest's RAM is on this host: ${COMPLETION-CANDIDATES}.").orElse("anonymous");
    private final Supplier<Integer> paging = option(Integer.class, "--paging", "LEVELS", "4 or 5.").orElse("4");
    private final Supplier<Acceleration> acceleration = option(Acceleration.class, "--accel", "KIND",
            "How the CPUs run: ${COMPLETION-CANDIDATES}; auto takes KVM where an ordinary guest boots on it.").orElse("auto");
    private final Supplier<Boolean> bare = flag("--no-population", "Only init and the test agents run in the guest.");
    private final Supplier<Integer> tasks = option(Integer.class, "--tasks", "N", "Further sleeping processes, up to 10000.")
            .orElse("0");
    private final Supplier<Integer> sockets = option(Integer.class, "--sockets", "N", "Further sockets, up to 50000.").orElse("0");
    private final Supplier<Boolean> rootkit = flag("--rootkit",
            "A preloaded library hides a process and a listening port from the guest's own tools.");
    private final Supplier<Integer> timeout = option(Integer.class, "--timeout", "SECONDS", "How long booting may take.")
            .orElse("120");

    TestbedUpCommand() {
        super("up", "Boots a guest and returns when it is ready. It runs until 'scwatcher testbed down'.",
                "The first guest of a kernel downloads packages; later ones start within seconds.", "");
        showDefaults();
    }

    @Override
    public Integer call() {
        GuestOptions options = GuestOptions.defaults(name.get()).withKernel(choice()).withMachine(machine.get())
                .withCpus(cpus.get()).withMemoryMiB(memory.get()).withMemory(backing.get()).withPagingLevels(paging.get())
                .withAcceleration(acceleration.get())
                .withPopulation(new Population(!bare.get(), tasks.get(), sockets.get(), rootkit.get()))
                .withBootTimeoutSeconds(timeout.get())
                .withKernelArguments(append.get() == null || append.get().isBlank() ? List.of()
                        : List.of(append.get().strip().split("\\s+")));
        Guest guest = new Testbed(line -> System.err.println("scwatcher: " + line)).up(options);
        System.out.println(guest.pid());
        return ExitCode.OK;
    }

    private KernelChoice choice() {
        boolean isFile = kernel.get().contains("/");
        Optional<Path> ownModules = Optional.ofNullable(modules.get());
        if (!isFile && ownModules.isPresent()) {
            throw wrong("--modules goes with --kernel FILE: give the kernel's path, with a slash");
        }
        return new KernelChoice(kernel.get(), flavour.get(),
                isFile ? Optional.of(new OwnKernel(Path.of(kernel.get()), ownModules)) : Optional.empty());
    }
}
