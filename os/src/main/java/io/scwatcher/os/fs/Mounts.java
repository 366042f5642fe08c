package io.scwatcher.os.fs;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.os.fs.tmpfs.Tmpfs;
import io.scwatcher.os.syscall.SystemCallException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mount namespace: the tree of mounts. Safe for several threads. */
public final class Mounts {
    private final List<Mount> all = new CopyOnWriteArrayList<>();
    private final Map<Location, Mount> byPoint = new ConcurrentHashMap<>();
    private final Mount root;
    private int lastId = 20;

    /** @param root what "/" is */
    public Mounts(FileSystem root, String source, int flags) {
        this.root = new Mount(++lastId, root, root.root(), null, source, flags);
        all.add(this.root);
    }

    /** "/" of the namespace. */
    public Location root() {
        return top(new Location(root, root.root()));
    }

    /** In the order of mounting. */
    public List<Mount> all() {
        return all;
    }

    /**
     * Mounts a file system on a directory.
     *
     * @throws SystemCallException ENOTDIR
     */
    public synchronized Mount mount(Location point, FileSystem fileSystem, String source, int flags) {
        return mount(point, fileSystem, fileSystem.root(), source, flags);
    }

    /** Likewise a part of a file system (a bind mount): directory on directory, file on file. */
    public synchronized Mount mount(Location point, FileSystem fileSystem, Dentry part, String source, int flags) {
        boolean onDirectory = point.inode().type() == FileType.DIRECTORY;
        if (onDirectory != (part.inode().type() == FileType.DIRECTORY)) {
            throw SystemCallException.of(Errno.ENOTDIR);
        }
        Mount mount = new Mount(++lastId, fileSystem, part, point, source, flags);
        point.dentry().markMountPoint();
        byPoint.put(point, mount);
        all.add(mount);
        return mount;
    }

    /**
     * umount2(2).
     *
     * @throws SystemCallException EINVAL if it is the root of no mount, EBUSY if something is mounted in it
     */
    public synchronized void unmount(Location mounted) {
        Mount mount = mounted.mount();
        if (mounted.dentry() != mount.root() || mount.point() == null) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        if (all.stream().anyMatch(other -> other.point() != null && other.point().mount() == mount)) {
            throw SystemCallException.of(Errno.EBUSY);
        }
        byPoint.remove(mount.point());
        all.remove(mount);
    }

    /** Where files without a name in the tree live: the first tmpfs. @throws SystemCallException ENODEV if there is none */
    public Tmpfs memory() {
        for (Mount mount : all) {
            if (mount.fileSystem() instanceof Tmpfs tmpfs) {
                return tmpfs;
            }
        }
        throw SystemCallException.of(Errno.ENODEV);
    }

    /** What is seen at a place: the root of what is mounted on it, or itself. */
    public Location top(Location at) {
        while (at.dentry().mountPoint()) {
            Mount mount = byPoint.get(at);
            if (mount == null) {
                return at;
            }
            at = new Location(mount, mount.root());
        }
        return at;
    }
}
