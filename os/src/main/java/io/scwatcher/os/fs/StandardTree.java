package io.scwatcher.os.fs;

import io.scwatcher.os.Layer;
import io.scwatcher.os.fs.dev.DeviceFileSystem;
import io.scwatcher.os.fs.proc.ProcFileSystem;
import io.scwatcher.os.fs.tmpfs.Tmpfs;
import io.scwatcher.os.fs.tree.TreeFileSystem;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.tty.PtsFileSystem;
import io.scwatcher.os.tty.Terminals;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.tree.MemoryDirectory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The file systems that programs expect: a writable "/" over the tools' files, /proc, /sys, /dev with /dev/shm and /dev/pts, and /tmp. */
public final class StandardTree {
    private static final long SYSFS_MAGIC = 0x62656572;
    private static final int MAX_INODES = 1_000_000, MIN_INODES = 1024;
    /** An empty file takes memory, too. */
    private static final long BYTES_PER_INODE = 1024;

    private final Devices devices = new Devices();
    private final LongSupplier clock;
    private final Tmpfs root;
    private final long maxBytes;
    private final Map<String, FileSystem> belowDev = new LinkedHashMap<>();
    private Directory proc;
    private Directory dev;
    private long devDevice = DeviceFileSystem.DEVICE;
    private Directory sys = new MemoryDirectory(1);

    /**
     * @param tools what "/" holds at first, or null for nothing; never changed
     * @param maxBytes that programs may write to "/", and as much again to /dev/shm; names too are limited by it
     */
    public StandardTree(Directory tools, long maxBytes) {
        this.clock = () -> {
            Instant now = Instant.now();
            return now.getEpochSecond() * 1_000_000_000 + now.getNano();
        };
        this.maxBytes = maxBytes;
        this.root = new Tmpfs("tmpfs", DeviceNumber.of(0, 25), maxBytes, maxInodes(), clock, devices, 0755, tools);
    }

    private long maxInodes() {
        return Math.clamp(maxBytes / BYTES_PER_INODE, MIN_INODES, MAX_INODES);
    }

    /** The system's /proc; without one the layer's own processes are all there is. */
    public StandardTree proc(Directory system) {
        proc = system;
        return this;
    }

    /** The system's /dev, whose names are seen beside the layer's own devices. @param device {@code st_dev} */
    public StandardTree dev(Directory system, long device) {
        dev = system;
        devDevice = device;
        return this;
    }

    /** The system's /sys; empty without one. */
    public StandardTree sys(Directory system) {
        sys = system;
        return this;
    }

    /**
     * A file system of the system's, read only, on a directory of /dev. One of another name than a directory's there is left out: the system
     * must not decide what lies elsewhere.
     *
     * @param magic of statfs(2)
     * @param device {@code st_dev}
     */
    public StandardTree belowDev(String name, String type, long magic, long device, Directory tree) {
        belowDev.put(name, new TreeFileSystem(type, magic, device, tree));
        return this;
    }

    /** To add drivers to. */
    public Devices devices() {
        return devices;
    }

    /** "/". */
    public Tmpfs root() {
        return root;
    }

    /** Mounts all. */
    public Layer.Builder mount(Layer.Builder layer) {
        Terminals.register(devices);
        directory("proc", 0555);
        directory("sys", 0555);
        directory("dev", 0755);
        directory("run", 0755);
        directory("tmp", 01777);
        Tmpfs devices = DeviceFileSystem.create(this.devices, clock, devDevice, dev);
        layer.mount("/", root)
                .mount("/proc", new ProcFileSystem(proc))
                .mount("/sys", new TreeFileSystem("sysfs", SYSFS_MAGIC, DeviceNumber.of(0, 22), sys))
                .mount("/dev", devices)
                .mount("/dev/pts", new PtsFileSystem(dev != null && dev.lookup("pts") instanceof Directory pts ? pts : null))
                .mount("/dev/shm", new Tmpfs("tmpfs", DeviceNumber.of(0, 23), maxBytes, maxInodes(), clock, this.devices, 01777, null));
        belowDev.forEach((name, fs) -> {
            if (isDirectory(devices, name)) {
                layer.mount("/dev/" + name, fs);
            }
        });
        return layer;
    }

    private static boolean isDirectory(Tmpfs fs, String name) {
        boolean isName = !name.isEmpty() && !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0;
        Dentry found = isName ? fs.root().inode().lookup(fs.root(), name) : null;
        return found != null && found.inode().type() == FileType.DIRECTORY;
    }

    private void directory(String name, int permissions) {
        Dentry slash = root.root();
        Dentry present = slash.inode().lookup(slash, name);
        if (present == null) {
            slash.inode().create(slash, name, FileType.DIRECTORY, permissions, 0, Credentials.root());
        }
    }
}
