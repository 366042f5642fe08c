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
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** /dev: a tmpfs with what every Linux system has there. */
public final class DeviceFileSystem {
    /** Major numbers (Documentation/admin-guide/devices.txt). */
    public static final int MEMORY = 1, TTY = 4, TTY_AUX = 5, PTS = 136;
    private static final long DEVICE = DeviceNumber.of(0, 6);
    private static final long MAX_BYTES = 1 << 20;
    private static final int MAX_INODES = 10_000;

    /** What the layer makes itself. */
    private static final Set<String> OWN = Set.of("null", "zero", "full", "random", "urandom", "tty", "console", "ptmx", "fd", "stdin", "stdout", "stderr", "shm");

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
     * @param system the system's own /dev, or null: what has no name of the layer's is seen there, and opens what {@code devices} has for its number
     */
    public static Tmpfs create(Devices devices, LongSupplier clock, Directory system) {
        for (int minor : new int[] {MemoryDevice.NULL, MemoryDevice.ZERO, MemoryDevice.FULL, MemoryDevice.RANDOM, MemoryDevice.URANDOM}) {
            devices.register(MEMORY, minor, (_, _, at, flags) -> new MemoryDevice(minor, at, flags));
        }
        Tmpfs fs = new Tmpfs("devtmpfs", DEVICE, MAX_BYTES, MAX_INODES, clock, devices, 0755, system == null ? null : new Without(system, OWN));
        character(fs, "null", MEMORY, MemoryDevice.NULL, 0666);
        character(fs, "zero", MEMORY, MemoryDevice.ZERO, 0666);
        character(fs, "full", MEMORY, MemoryDevice.FULL, 0666);
        character(fs, "random", MEMORY, MemoryDevice.RANDOM, 0666);
        character(fs, "urandom", MEMORY, MemoryDevice.URANDOM, 0666);
        character(fs, "tty", TTY_AUX, 0, 0666);
        character(fs, "console", TTY_AUX, 1, 0600);
        character(fs, "ptmx", TTY_AUX, 2, 0666);
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

    private static void character(Tmpfs fs, String name, int major, int minor, int permissions) {
        Dentry root = fs.root();
        root.inode().create(root, name, FileType.CHARACTER_DEVICE, permissions, DeviceNumber.of(major, minor), Credentials.root());
    }

    private static void link(Tmpfs fs, String name, String target) {
        fs.root().inode().symlink(fs.root(), name, target, Credentials.root());
    }

    private static void directory(Tmpfs fs, String name) {
        fs.root().inode().create(fs.root(), name, FileType.DIRECTORY, 0755, 0, Credentials.root());
    }
}
