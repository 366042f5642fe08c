package io.scwatcher.os.fs.dev;

import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.Devices;
import io.scwatcher.os.fs.tmpfs.Tmpfs;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.vfs.FileType;
import java.util.function.LongSupplier;

/** /dev: a tmpfs with what every Linux system has there. */
public final class DeviceFileSystem {
    /** Major numbers (Documentation/admin-guide/devices.txt). */
    public static final int MEMORY = 1, TTY = 4, TTY_AUX = 5, PTS = 136;
    private static final long DEVICE = DeviceNumber.of(0, 6);
    private static final long MAX_BYTES = 1 << 20;
    private static final int MAX_INODES = 10_000;

    private DeviceFileSystem() {}

    /** @param devices gets the drivers of the memory devices; those of terminals are others' to add */
    public static Tmpfs create(Devices devices, LongSupplier clock) {
        for (int minor : new int[] {MemoryDevice.NULL, MemoryDevice.ZERO, MemoryDevice.FULL, MemoryDevice.RANDOM, MemoryDevice.URANDOM}) {
            devices.register(MEMORY, minor, (_, _, at, flags) -> new MemoryDevice(minor, at, flags));
        }
        Tmpfs fs = new Tmpfs("devtmpfs", DEVICE, MAX_BYTES, MAX_INODES, clock, devices, 0755, null);
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
        directory(fs, "pts");
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
