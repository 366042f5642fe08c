package io.scwatcher.testbed;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The shape of a test VM. Immutable; {@link #defaults} is the small guest, the {@code with} methods change one thing.
 *
 * @param name the VM's name, unique among the running ones: letters, digits, '.', '_', '-', at most 40
 * @param uuid the VM's SMBIOS UUID
 * @param kernel which kernel, as {@link io.scwatcher.testbed.Testbed} describes
 * @param machine QEMU's machine type
 * @param cpus 1 to 8
 * @param memoryMiB 256 to 8192
 * @param pagingLevels 4 or 5
 * @param memory what the guest's RAM is on this machine
 * @param acceleration how the CPUs run
 * @param population what runs in the guest
 * @param bootTimeoutSeconds how long the guest may take until it is ready
 * @param kernelArguments further words of the kernel's command line
 * @param qemuArguments further arguments for QEMU
 */
public record GuestOptions(String name, UUID uuid, KernelChoice kernel, Machine machine, int cpus, int memoryMiB,
        int pagingLevels, MemoryBacking memory, Acceleration acceleration, Population population, int bootTimeoutSeconds,
        List<String> kernelArguments, List<String> qemuArguments) {

    /** QEMU's machine types. They differ in the place of the hole below 4 GiB, among others. */
    public enum Machine { Q35, PC }

    /** What the guest's RAM is on this machine. */
    public enum MemoryBacking {
        /** Private anonymous memory, as QEMU takes without any option. */
        ANONYMOUS,
        /** A shared file without a name (memfd). */
        MEMFD,
        /** A shared file in /dev/shm. */
        FILE
    }

    /** How the CPUs run. */
    public enum Acceleration {
        /** KVM where an ordinary guest really boots on it, else TCG. */
        AUTO, KVM, TCG
    }

    /**
     * Which kernel to boot.
     *
     * @param version a leading part of a version or release name ({@code 6.1}, {@code 7.x}, {@code 5.10.0-46})
     * @param flavour the distribution's flavour ({@code cloud-amd64}, {@code amd64})
     * @param own a kernel image of the caller's own; then the rest is ignored
     */
    public record KernelChoice(String version, String flavour, Optional<OwnKernel> own) {
        @Override
        public String toString() {
            return own.map(files -> files.vmlinuz().toString()).orElse(version + " " + flavour);
        }
    }

    /**
     * A kernel that no package holds.
     *
     * @param modules its lib/modules/RELEASE directory; if absent, it is looked for near the kernel and on this machine
     */
    public record OwnKernel(Path vmlinuz, Optional<Path> modules) {
    }

    /**
     * What runs in the guest besides init and the agents.
     *
     * @param standard whether the population that tests know by heart is there
     * @param tasks further sleeping processes, up to 10,000
     * @param sockets further sockets, up to 50,000
     * @param rootkit whether a preloaded library hides a process and a listening port from the guest's tools
     */
    public record Population(boolean standard, int tasks, int sockets, boolean rootkit) {
    }

    public GuestOptions {
        require(name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,39}"), "name " + name
                + ": use 1 to 40 letters, digits, '.', '_' or '-'");
        require(cpus >= 1 && cpus <= 8, "cpus " + cpus + ": use 1 to 8");
        require(memoryMiB >= 256 && memoryMiB <= 8192, "memory " + memoryMiB + " MiB: use 256 to 8192");
        require(pagingLevels == 4 || pagingLevels == 5, "paging levels " + pagingLevels + ": use 4 or 5");
        require(population.tasks() >= 0 && population.tasks() <= 10_000, "tasks " + population.tasks() + ": use 0 to 10000");
        require(population.sockets() >= 0 && population.sockets() <= 50_000,
                "sockets " + population.sockets() + ": use 0 to 50000");
        require(bootTimeoutSeconds > 0, "boot timeout " + bootTimeoutSeconds + ": use at least 1 second");
        kernelArguments.forEach(word -> require(word.matches("[!-~]+"), "kernel argument " + word + ": use words without blanks"));
        kernelArguments = List.copyOf(kernelArguments);
        qemuArguments = List.copyOf(qemuArguments);
    }

    /** The small guest: kernel 6.1, q35, 2 CPUs, 1 GiB anonymous memory, 4-level paging, the standard population. */
    public static GuestOptions defaults(String name) {
        return new GuestOptions(name, UUID.randomUUID(), new KernelChoice("6.1", "cloud-amd64", Optional.empty()), Machine.Q35, 2,
                1024, 4, MemoryBacking.ANONYMOUS, Acceleration.AUTO, new Population(true, 0, 0, false), 180, List.of(), List.of());
    }

    public GuestOptions withUuid(UUID value) {
        return new GuestOptions(name, value, kernel, machine, cpus, memoryMiB, pagingLevels, memory, acceleration, population,
                bootTimeoutSeconds, kernelArguments, qemuArguments);
    }

    public GuestOptions withKernel(String version) {
        return withKernel(new KernelChoice(version, kernel.flavour(), Optional.empty()));
    }

    public GuestOptions withKernelFlavour(String flavour) {
        return withKernel(new KernelChoice(kernel.version(), flavour, kernel.own()));
    }

    public GuestOptions withOwnKernel(Path vmlinuz, Optional<Path> modules) {
        return withKernel(new KernelChoice(kernel.version(), kernel.flavour(), Optional.of(new OwnKernel(vmlinuz, modules))));
    }

    public GuestOptions withKernel(KernelChoice value) {
        return new GuestOptions(name, uuid, value, machine, cpus, memoryMiB, pagingLevels, memory, acceleration, population,
                bootTimeoutSeconds, kernelArguments, qemuArguments);
    }

    public GuestOptions withMachine(Machine value) {
        return new GuestOptions(name, uuid, kernel, value, cpus, memoryMiB, pagingLevels, memory, acceleration, population,
                bootTimeoutSeconds, kernelArguments, qemuArguments);
    }

    public GuestOptions withCpus(int value) {
        return new GuestOptions(name, uuid, kernel, machine, value, memoryMiB, pagingLevels, memory, acceleration, population,
                bootTimeoutSeconds, kernelArguments, qemuArguments);
    }

    public GuestOptions withMemoryMiB(int value) {
        return new GuestOptions(name, uuid, kernel, machine, cpus, value, pagingLevels, memory, acceleration, population,
                bootTimeoutSeconds, kernelArguments, qemuArguments);
    }

    public GuestOptions withPagingLevels(int value) {
        return new GuestOptions(name, uuid, kernel, machine, cpus, memoryMiB, value, memory, acceleration, population,
                bootTimeoutSeconds, kernelArguments, qemuArguments);
    }

    public GuestOptions withMemory(MemoryBacking value) {
        return new GuestOptions(name, uuid, kernel, machine, cpus, memoryMiB, pagingLevels, value, acceleration, population,
                bootTimeoutSeconds, kernelArguments, qemuArguments);
    }

    public GuestOptions withAcceleration(Acceleration value) {
        return new GuestOptions(name, uuid, kernel, machine, cpus, memoryMiB, pagingLevels, memory, value, population,
                bootTimeoutSeconds, kernelArguments, qemuArguments);
    }

    public GuestOptions withPopulation(Population value) {
        return new GuestOptions(name, uuid, kernel, machine, cpus, memoryMiB, pagingLevels, memory, acceleration, value,
                bootTimeoutSeconds, kernelArguments, qemuArguments);
    }

    public GuestOptions withoutPopulation() {
        return withPopulation(new Population(false, population.tasks(), population.sockets(), population.rootkit()));
    }

    public GuestOptions withTasks(int value) {
        return withPopulation(new Population(population.standard(), value, population.sockets(), population.rootkit()));
    }

    public GuestOptions withSockets(int value) {
        return withPopulation(new Population(population.standard(), population.tasks(), value, population.rootkit()));
    }

    public GuestOptions withRootkit() {
        return withPopulation(new Population(population.standard(), population.tasks(), population.sockets(), true));
    }

    public GuestOptions withBootTimeoutSeconds(int value) {
        return new GuestOptions(name, uuid, kernel, machine, cpus, memoryMiB, pagingLevels, memory, acceleration, population,
                value, kernelArguments, qemuArguments);
    }

    public GuestOptions withKernelArguments(List<String> value) {
        return new GuestOptions(name, uuid, kernel, machine, cpus, memoryMiB, pagingLevels, memory, acceleration, population,
                bootTimeoutSeconds, value, qemuArguments);
    }

    public GuestOptions withQemuArguments(List<String> value) {
        return new GuestOptions(name, uuid, kernel, machine, cpus, memoryMiB, pagingLevels, memory, acceleration, population,
                bootTimeoutSeconds, kernelArguments, value);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new TestbedException(message);
        }
    }
}
