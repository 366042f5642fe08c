package io.scwatcher.os.fs.dev;

import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.Devices;
import io.scwatcher.os.fs.tmpfs.Tmpfs;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.SpecialFile;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** /dev: a tmpfs with what every Linux system has there. */
public final class DeviceFileSystem {
    /** Major numbers (Documentation/admin-guide/devices.txt). */
    public static final int MEMORY = 1, TTY = 4, TTY_AUX = 5, PTS = 136;
    /** {@code st_dev} where no system has another. */
    public static final long DEVICE = DeviceNumber.of(0, 6);
    private static final long MAX_BYTES = 1 << 20;
    private static final int MAX_INODES = 10_000;

    /** What every system has: the name, major and minor number, and permissions of a character device. */
    private record Usual(String name, int major, int minor, int permissions) {}

    private static final List<Usual> USUAL = List.of(new Usual("null", MEMORY, MemoryDevice.NULL, 0666), new Usual("zero", MEMORY, MemoryDevice.ZERO, 0666),
            new Usual("full", MEMORY, MemoryDevice.FULL, 0666), new Usual("random", MEMORY, MemoryDevice.RANDOM, 0666),
            new Usual("urandom", MEMORY, MemoryDevice.URANDOM, 0666), new Usual("tty", TTY_AUX, 0, 0666), new Usual("console", TTY_AUX, 1, 0600),
            new Usual("ptmx", TTY_AUX, 2, 0666));
    private static final Set<String> LINKS = Set.of("fd", "stdin", "stdout", "stderr", "shm");

    private DeviceFileSystem() {}

    private record Without(Directory all, Set<String> hidden) implements Directory {
        @Override
        public Attributes attributes() {
            return all.attributes();
        }

        @Override
        public Node lookup(String name) {
            return hidden.contains(name) ? null : all.lookup(name);
        }

        @Override
        public List<Entry> list() {
            return all.list().stream().filter(entry -> !hidden.contains(entry.name())).toList();
        }
    }

    /**
     * @param devices gets the drivers of the memory devices; those of terminals are others' to add
     * @param device {@code st_dev}
     * @param system the system's own /dev, or null: its nodes are seen, and open what {@code devices} has for their numbers; but what every system has
     *     is the layer's where the system's node of that name is another device
     */
    public static Tmpfs create(Devices devices, LongSupplier clock, long device, Directory system) {
        for (int minor : new int[] {MemoryDevice.NULL, MemoryDevice.ZERO, MemoryDevice.FULL, MemoryDevice.RANDOM, MemoryDevice.URANDOM}) {
            devices.register(MEMORY, minor, (_, _, at, flags) -> new MemoryDevice(minor, at, flags));
        }
        devices.register(MEMORY, KernelMessages.MINOR, (task, _, at, flags) -> new KernelMessages(task.layer().view(), at, flags));
        List<Usual> own = USUAL.stream().filter(usual -> !has(system, usual)).toList();
        Set<String> hidden = Stream.concat(own.stream().map(Usual::name), LINKS.stream()).collect(Collectors.toSet());
        Tmpfs fs = new Tmpfs("devtmpfs", device, MAX_BYTES, MAX_INODES, clock, devices, 0755, system == null ? null : new Without(system, hidden), true);
        own.forEach(usual -> character(fs, usual));
        link(fs, "fd", "/proc/self/fd");
        link(fs, "stdin", "/proc/self/fd/0");
        link(fs, "stdout", "/proc/self/fd/1");
        link(fs, "stderr", "/proc/self/fd/2");
        if (fs.root().inode().lookup(fs.root(), "pts") == null) {
            directory(fs, "pts");
        }
        directory(fs, "shm");
        return fs;
    }

    private static boolean has(Directory system, Usual usual) {
        return system != null && system.lookup(usual.name) instanceof SpecialFile node && node.attributes().type() == FileType.CHARACTER_DEVICE
                && node.attributes().deviceNumber() == DeviceNumber.of(usual.major, usual.minor);
    }

    private static void character(Tmpfs fs, Usual usual) {
        Dentry root = fs.root();
        long number = DeviceNumber.of(usual.major, usual.minor);
        root.inode().create(root, usual.name, FileType.CHARACTER_DEVICE, usual.permissions, number, Credentials.root());
    }

    private static void link(Tmpfs fs, String name, String target) {
        fs.root().inode().symlink(fs.root(), name, target, Credentials.root());
    }

    private static void directory(Tmpfs fs, String name) {
        fs.root().inode().create(fs.root(), name, FileType.DIRECTORY, 0755, 0, Credentials.root());
    }
}
