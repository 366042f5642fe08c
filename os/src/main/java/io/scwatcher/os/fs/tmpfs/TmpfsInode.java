package io.scwatcher.os.fs.tmpfs;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.InodeWatch;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.pipe.Pipe;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.FileType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What all objects of a {@link Tmpfs} have: attributes. */
abstract class TmpfsInode extends Inode {
    private static final int XATTR_CREATE = 1, XATTR_REPLACE = 2;
    /** Most bytes of names and values of extended attributes of one file. */
    private static final int XATTR_SPACE = 1 << 16;
    private static final long RELATIVE_ATIME = 86_400_000_000_000L;

    final Tmpfs fs;
    private final FileType type;
    private final long number;
    private final boolean counted;
    private final long birth;
    private volatile int permissions;
    private volatile int uid;
    private volatile int gid;
    private int links;
    private int opened;
    private long atime;
    private long mtime;
    private long ctime;
    private Map<String, byte[]> attributes;

    /** @param lower whether it comes from the lower tree */
    TmpfsInode(Tmpfs fs, Attributes attributes, boolean lower) {
        this.fs = fs;
        this.type = attributes.type();
        this.number = lower ? fs.lowerInode(attributes.inode()) : fs.newInode();
        this.counted = !lower;
        this.permissions = attributes.permissions();
        this.uid = attributes.uid();
        this.gid = attributes.gid();
        this.links = attributes.links();
        this.birth = attributes.mtimeNanos();
        this.atime = birth;
        this.mtime = birth;
        this.ctime = birth;
    }

    @Override
    public final FileType type() {
        return type;
    }

    @Override
    public final FileSystem fileSystem() {
        return fs;
    }

    final long number() {
        return number;
    }

    final int permissions() {
        return permissions;
    }

    final int group() {
        return gid;
    }

    long size() {
        return 0;
    }

    long blocks() {
        return 0;
    }

    long specialDevice() {
        return 0;
    }

    @Override
    public synchronized FileStatus status() {
        return new FileStatus(fs.device(), number, type.modeBits() | permissions, links, uid, gid, specialDevice(), size(), 4096, blocks(), atime, mtime, ctime, birth);
    }

    @Override
    public FileDescription open(Task task, Location at, int flags) {
        throw SystemCallException.of(Errno.ENXIO);
    }

    @Override
    public synchronized void changeMode(int permissions) {
        this.permissions = permissions & 07777;
        ctime = fs.now();
        attributesChanged();
    }

    @Override
    public synchronized void changeOwner(int uid, int gid) {
        this.uid = uid == -1 ? this.uid : uid;
        this.gid = gid == -1 ? this.gid : gid;
        ctime = fs.now();
        attributesChanged();
    }

    @Override
    public synchronized void changeTimes(long atime, long mtime) {
        this.atime = atime == OMIT ? this.atime : atime;
        this.mtime = mtime == OMIT ? this.mtime : mtime;
        ctime = fs.now();
        attributesChanged();
    }

    private void attributesChanged() {
        happened(InodeWatch.ATTRIB, 0, null, type == FileType.DIRECTORY);
    }

    /** Contents were read: relatime. */
    final synchronized void accessed() {
        long now = fs.now();
        if (atime <= mtime || atime <= ctime || now - atime >= RELATIVE_ATIME) {
            atime = now;
        }
    }

    /** Contents changed. */
    final synchronized void modified() {
        mtime = fs.now();
        ctime = mtime;
    }

    final synchronized void changed() {
        ctime = fs.now();
    }

    /** Names were added or removed; with the last name and the last opening the object is gone. */
    final void addLinks(int count) {
        boolean gone;
        synchronized (this) {
            links += count;
            ctime = fs.now();
            gone = count < 0 && links <= 0 && opened == 0;
        }
        if (type != FileType.DIRECTORY) {
            attributesChanged();
        }
        if (gone) {
            gone();
        }
    }

    final synchronized int links() {
        return links;
    }

    final synchronized void opened() {
        opened++;
    }

    final void closed() {
        boolean gone;
        synchronized (this) {
            gone = --opened == 0 && links <= 0;
        }
        if (gone) {
            gone();
        }
    }

    /** Gives back what it held. */
    void gone() {
        happened(InodeWatch.DELETE_SELF, 0, null, type == FileType.DIRECTORY);
        if (counted) {
            fs.freeInode();
        }
    }

    @Override
    public synchronized byte[] attribute(String name) {
        return attributes == null ? null : attributes.get(name);
    }

    @Override
    public synchronized List<String> attributeNames() {
        return attributes == null ? List.of() : List.copyOf(attributes.keySet());
    }

    @Override
    public synchronized void changeAttribute(String name, byte[] value, int flags) {
        boolean present = attributes != null && attributes.containsKey(name);
        if (!present && (value == null || (flags & XATTR_REPLACE) != 0)) {
            throw SystemCallException.of(Errno.ENODATA);
        }
        if (present && (flags & XATTR_CREATE) != 0) {
            throw SystemCallException.of(Errno.EEXIST);
        }
        if (attributes == null) {
            attributes = new TreeMap<>();
        }
        if (value == null) {
            attributes.remove(name);
        } else {
            long space = attributes.entrySet().stream().filter(e -> !e.getKey().equals(name)).mapToLong(e -> e.getKey().length() + e.getValue().length).sum();
            if (space + name.length() + value.length > XATTR_SPACE) {
                throw SystemCallException.of(Errno.ENOSPC);
            }
            attributes.put(name, value);
        }
        ctime = fs.now();
        attributesChanged();
    }

    /** A FIFO, socket or device file. */
    static final class Special extends TmpfsInode {
        private final long device;
        private Pipe fifo;

        Special(Tmpfs fs, Attributes attributes, boolean lower) {
            super(fs, attributes, lower);
            this.device = attributes.deviceNumber();
        }

        @Override
        long specialDevice() {
            return device;
        }

        @Override
        public FileDescription open(Task task, Location at, int flags) {
            return switch (type()) {
                case FIFO -> fifo().openFifo(at, flags);
                case CHARACTER_DEVICE -> fs.devices().open(task, device, at, flags);
                default -> throw SystemCallException.of(Errno.ENXIO);
            };
        }

        private synchronized Pipe fifo() {
            if (fifo == null) {
                fifo = new Pipe(true, fs.kernelMemory());
            }
            return fifo;
        }

        @Override
        public String toString() {
            return type() + " " + DeviceNumber.major(device) + ":" + DeviceNumber.minor(device);
        }
    }

    /** A symbolic link. */
    static final class Link extends TmpfsInode {
        private final String target;

        Link(Tmpfs fs, Attributes attributes, String target, boolean lower) {
            super(fs, attributes, lower);
            this.target = target;
        }

        @Override
        long size() {
            return target.length();
        }

        @Override
        public String linkText(Task reader) {
            return target;
        }

        @Override
        public FileDescription open(Task task, Location at, int flags) {
            throw SystemCallException.of(Errno.ELOOP);
        }
    }
}
