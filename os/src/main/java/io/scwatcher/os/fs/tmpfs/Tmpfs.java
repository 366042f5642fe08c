package io.scwatcher.os.fs.tmpfs;

import io.scwatcher.os.KernelMemory;
import io.scwatcher.os.Layer;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.Devices;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A file system in memory (mm/shmem.c), limited in bytes and inodes. It may lie over a read-only tree: then it starts as a copy of that tree, made name by name
 * and page by page when something is looked at or changed, so that programs see one ordinary writable file system and not layers.
 */
public final class Tmpfs implements FileSystem {
    public static final long TMPFS_MAGIC = 0x01021994;
    private static final int NAME_MAX = 255;
    private static final long BEHIND_KEPT_NUMBERS = 1L << 32;

    private final String type;
    private final long device;
    private final long maxPages;
    private final long maxInodes;
    private volatile LongSupplier clock;
    private volatile KernelMemory kernelMemory = KernelMemory.UNLIMITED;
    private final Devices devices;
    private final AtomicLong pages = new AtomicLong();
    private final AtomicLong inodes = new AtomicLong();
    private final AtomicLong lastInode;
    private final boolean keepsNumbers;
    private final Map<Long, TmpfsInode> lowerHardLinks = new ConcurrentHashMap<>();
    private final Dentry root;

    /** Changes of names, one at a time. */
    final Object namespace = new Object();

    /** Numbers renames for those who watch. */
    final AtomicInteger renames = new AtomicInteger();

    /**
     * @param type as in /proc/mounts: {@code tmpfs}, {@code devtmpfs} ...
     * @param device {@code st_dev}
     * @param maxBytes that file contents may take
     * @param clock nanoseconds since the epoch
     * @param devices what device files open
     * @param permissions of the root directory
     * @param lower what is there at first, or null for nothing
     */
    public Tmpfs(String type, long device, long maxBytes, long maxInodes, LongSupplier clock, Devices devices, int permissions, Directory lower) {
        this(type, device, maxBytes, maxInodes, clock, devices, permissions, lower, false);
    }

    /** @param keepsNumbers whether what is there at first keeps the inode numbers that it has there; they are less than 2^32 */
    public Tmpfs(String type, long device, long maxBytes, long maxInodes, LongSupplier clock, Devices devices, int permissions, Directory lower,
                 boolean keepsNumbers) {
        this.keepsNumbers = keepsNumbers;
        this.lastInode = new AtomicLong(keepsNumbers ? BEHIND_KEPT_NUMBERS : 0);
        this.type = type;
        this.device = device;
        this.maxPages = maxBytes >>> 12;
        this.maxInodes = maxInodes;
        this.clock = clock;
        this.devices = devices;
        Attributes attributes = lower == null ? new Attributes(FileType.DIRECTORY, permissions, 1, 2, 0, 0, 0, 0, now()) : lower.attributes();
        this.root = new Dentry(null, "/", new TmpfsDirectory(this, attributes, lower));
    }

    /** Times are the layer's from now on, and so is the memory of its FIFOs. */
    @Override
    public void attach(Layer layer) {
        kernelMemory = layer.kernelMemory();
        clock = layer.clocks()::realTime;
    }

    /** An unnamed regular file of the layer's memory, for memfd_create(2): limits of this file system apply. */
    public TmpfsFile unnamed(int permissions, int uid, int gid) {
        return new TmpfsFile(this, new Attributes(FileType.REGULAR, permissions, 1, 0, uid, gid, 0, 0, now()), null);
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Dentry root() {
        return root;
    }

    @Override
    public Statistics statistics() {
        return new Statistics(TMPFS_MAGIC, 4096, maxPages, Math.max(0, maxPages - pages.get()), maxInodes, Math.max(0, maxInodes - inodes.get()), NAME_MAX);
    }

    @Override
    public long device() {
        return device;
    }

    Devices devices() {
        return devices;
    }

    KernelMemory kernelMemory() {
        return kernelMemory;
    }

    long now() {
        return clock.getAsLong();
    }

    /** A number for a new inode. @throws SystemCallException ENOSPC */
    long newInode() {
        if (inodes.incrementAndGet() > maxInodes) {
            inodes.decrementAndGet();
            throw SystemCallException.of(Errno.ENOSPC);
        }
        return lastInode.incrementAndGet();
    }

    /** A number for an inode of the lower tree, which does not count. @param number that it has there */
    long lowerInode(long number) {
        return keepsNumbers ? number : lastInode.incrementAndGet();
    }

    void freeInode() {
        inodes.decrementAndGet();
    }

    /** Takes pages from what is left; false if there are not enough. */
    boolean reserve(long count) {
        if (pages.addAndGet(count) > maxPages) {
            pages.addAndGet(-count);
            return false;
        }
        return true;
    }

    void free(long count) {
        pages.addAndGet(-count);
    }

    /** The one inode of all lower names that are hard links to each other. */
    Map<Long, TmpfsInode> lowerHardLinks() {
        return lowerHardLinks;
    }
}
