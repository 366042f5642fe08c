package io.scwatcher.testbed.qemu;

import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.GuestOptions.MemoryBacking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** QEMU's command line for a guest. */
public final class QemuCommand {
    public static final String PROGRAM = "qemu-system-x86_64";
    /** How many commands can be executed in the guest at the same time: one port and one agent each. */
    public static final int EXEC_PORTS = 4;

    private QemuCommand() {
    }

    /** What a guest boots from. */
    public record Boot(Path vmlinuz, Path initramfs, Path rootDisk, Path modulesDisk) {
    }

    /**
     * All CPUs in one thread of TCG. With a thread for each CPU QEMU before 8.1 now and then executes code that another CPU
     * has just replaced (it translates pages without locking them) and gets CMPXCHG16B wrong: kernels panic on a stale INT3
     * of text_poke, or in kmalloc. One thread boots as fast: within a tenth.
     */
    private static final String TCG = "tcg,thread=single";

    /**
     * The command line. QEMU goes to the background and lives until it is told to quit. Nothing on the kernel's command
     * line weakens the kernel, unless the options say so.
     *
     * @param directory the guest's run directory: sockets, console log, process id
     */
    public static List<String> of(GuestOptions options, Boot boot, boolean kvm, Path directory) {
        List<String> words = new ArrayList<>(List.of(PROGRAM, "-nodefaults", "-no-user-config", "-display", "none",
                "-name", "guest=" + options.name(), "-uuid", options.uuid().toString(),
                "-cpu", "max" + (options.pagingLevels() == 5 ? "" : ",la57=off"),
                "-smp", Integer.toString(options.cpus()), "-m", options.memoryMiB() + "M"));
        String machine = options.machine().name().toLowerCase(Locale.ROOT);
        words.addAll(List.of("-accel", kvm ? "kvm" : TCG));
        if (options.memory() != MemoryBacking.ANONYMOUS) {
            machine += ",memory-backend=ram";
            String size = ",size=" + options.memoryMiB() + "M,share=on";
            words.addAll(List.of("-object", options.memory() == MemoryBacking.MEMFD ? "memory-backend-memfd,id=ram" + size
                    : "memory-backend-file,id=ram,mem-path=" + sharedFile(directory) + size));
        }
        words.addAll(List.of("-machine", machine));
        words.addAll(List.of("-kernel", boot.vmlinuz().toString(), "-initrd", boot.initramfs().toString(),
                "-append", kernelCommandLine(options)));
        words.addAll(List.of("-chardev", "file,id=console,path=" + directory.resolve("console.log"),
                "-serial", "chardev:console"));
        for (String monitor : List.of("qmp", "control")) {
            words.addAll(List.of("-chardev", "socket,id=" + monitor + ",server=on,wait=off,path="
                    + directory.resolve(monitor + ".sock"), "-mon", "chardev=" + monitor + ",mode=control"));
        }
        // Writes go to a temporary file that vanishes with QEMU; the image itself is shared by all guests.
        disk(words, "root", boot.rootDisk(), "snapshot=on");
        disk(words, "modules", boot.modulesDisk(), "readonly=on");
        disk(words, "swap", directory.resolve("swap.img"), "discard=unmap");
        words.addAll(List.of("-device", "virtio-serial-pci,max_ports=8,vectors=19"));
        for (int port = 0; port < EXEC_PORTS; port++) {
            words.addAll(List.of("-chardev", "socket,id=exec" + port + ",server=on,wait=off,path="
                    + directory.resolve("exec." + port), "-device", "virtserialport,chardev=exec" + port
                    + ",name=testbed.exec." + port));
        }
        words.addAll(List.of("-netdev", "user,id=net,restrict=on", "-device", "virtio-net-pci,netdev=net,romfile=",
                "-device", "virtio-rng-pci", "-pidfile", directory.resolve("qemu.pid").toString(), "-daemonize"));
        words.addAll(options.qemuArguments());
        return words;
    }

    /** The guest's RAM when it is a named file. */
    public static Path sharedFile(Path directory) {
        return Path.of("/dev/shm", "scwatcher-" + ProcessHandle.current().info().user().orElse("user") + "-"
                + directory.getFileName() + ".ram");
    }

    private static void disk(List<String> words, String id, Path file, String option) {
        words.addAll(List.of("-drive", "if=none,id=" + id + ",format=raw,cache=unsafe," + option + ",file="
                + file.toString().replace(",", ",,"), "-device", "virtio-blk-pci,drive=" + id + ",serial=" + id));
    }

    private static String kernelCommandLine(GuestOptions options) {
        GuestOptions.Population population = options.population();
        return "console=ttyS0 testbed.hostname=" + options.name()
                + " testbed.agents=" + EXEC_PORTS
                + " testbed.population=" + (population.standard() ? "standard" : "none")
                + (population.tasks() > 0 ? " testbed.tasks=" + population.tasks() : "")
                + (population.sockets() > 0 ? " testbed.sockets=" + population.sockets() : "")
                + (population.rootkit() ? " testbed.rootkit=1" : "")
                + options.kernelArguments().stream().map(word -> " " + word).collect(Collectors.joining());
    }
}
