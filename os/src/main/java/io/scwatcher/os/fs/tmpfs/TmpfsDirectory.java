package io.scwatcher.os.fs.tmpfs;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.DirectoryDescription;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.InodeWatch;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SymbolicLink;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A directory. Its entries have numbers in the order of their making, which are the offsets of getdents64(2). */
final class TmpfsDirectory extends TmpfsInode {
    private static final int RENAME_NOREPLACE = 1, RENAME_EXCHANGE = 2;
    /** What tmpfs lets an entry count for in the size of a directory. */
    private static final int ENTRY_SIZE = 20;

    private record Entry(Dentry dentry, long offset) {}

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, Dentry> order = new ConcurrentSkipListMap<>();
    private long lastOffset = 2;
    private volatile Directory lower;

    TmpfsDirectory(Tmpfs fs, Attributes attributes, Directory lower) {
        super(fs, attributes, lower != null);
        this.lower = lower;
    }

    @Override
    long size() {
        return (entries.size() + 2L) * ENTRY_SIZE;
    }

    @Override
    public Dentry lookup(Dentry self, String name) {
        if (lower != null) {
            populate(self);
        }
        Entry entry = entries.get(name);
        return entry == null ? null : entry.dentry;
    }

    /** Takes over the names of the lower directory. */
    private void populate(Dentry self) {
        synchronized (fs.namespace) {
            if (lower == null) {
                return;
            }
            for (Directory.Entry entry : lower.list()) {
                Node node = lower.lookup(entry.name());
                if (node != null) {
                    put(new Dentry(self, entry.name(), inode(node)));
                }
            }
            lower = null;
        }
    }

    private TmpfsInode inode(Node node) {
        Attributes attributes = node.attributes();
        boolean shared = attributes.links() > 1 && attributes.type() != FileType.DIRECTORY;
        return shared ? fs.lowerHardLinks().computeIfAbsent(attributes.inode(), _ -> inode(node, attributes)) : inode(node, attributes);
    }

    private TmpfsInode inode(Node node, Attributes attributes) {
        return switch (node) {
            case Directory directory -> new TmpfsDirectory(fs, attributes, directory);
            case RegularFile file -> new TmpfsFile(fs, attributes, file);
            case SymbolicLink link -> new Link(fs, attributes, link.target(), true);
            default -> new Special(fs, attributes, true);
        };
    }

    private void put(Dentry dentry) {
        long offset = ++lastOffset;
        entries.put(dentry.name(), new Entry(dentry, offset));
        order.put(offset, dentry);
    }

    private void drop(String name) {
        order.remove(entries.remove(name).offset);
    }

    /** Checks that a name can be added, with the lock of names held. */
    private void expectFree(Dentry self, String name) {
        populate(self);
        if (entries.containsKey(name)) {
            throw SystemCallException.of(Errno.EEXIST);
        }
        if (self.unlinked()) {
            throw SystemCallException.of(Errno.ENOENT);
        }
    }

    private Dentry add(Dentry self, String name, TmpfsInode inode) {
        Dentry dentry = new Dentry(self, name, inode);
        put(dentry);
        modified();
        happened(InodeWatch.CREATE, 0, name, inode.type() == FileType.DIRECTORY);
        return dentry;
    }

    private Attributes attributes(FileType type, int permissions, int links, long device, Credentials owner) {
        boolean inherits = (permissions() & Permissions.SET_GID) != 0;
        int mode = inherits && type == FileType.DIRECTORY ? permissions | Permissions.SET_GID : permissions;
        return new Attributes(type, mode, 1, links, owner.fsuid(), inherits ? group() : owner.fsgid(), 0, device, fs.now());
    }

    @Override
    public Dentry create(Dentry self, String name, FileType type, int permissions, long device, Credentials owner) {
        synchronized (fs.namespace) {
            expectFree(self, name);
            Attributes attributes = attributes(type, permissions, type == FileType.DIRECTORY ? 2 : 1, device, owner);
            TmpfsInode inode = switch (type) {
                case DIRECTORY -> new TmpfsDirectory(fs, attributes, null);
                case REGULAR -> new TmpfsFile(fs, attributes, null);
                case SYMBOLIC_LINK -> throw SystemCallException.of(Errno.EINVAL);
                default -> new Special(fs, attributes, false);
            };
            if (type == FileType.DIRECTORY) {
                addLinks(1);
            }
            return add(self, name, inode);
        }
    }

    @Override
    public Dentry symlink(Dentry self, String name, String target, Credentials owner) {
        synchronized (fs.namespace) {
            expectFree(self, name);
            return add(self, name, new Link(fs, attributes(FileType.SYMBOLIC_LINK, 0777, 1, 0, owner), target, false));
        }
    }

    @Override
    public Dentry createUnnamed(Dentry self, int permissions, Credentials owner) {
        TmpfsFile file = new TmpfsFile(fs, attributes(FileType.REGULAR, permissions, 0, 0, owner), null);
        Dentry dentry = new Dentry(self, "#" + file.number(), file);
        dentry.unlink();
        return dentry;
    }

    @Override
    public void link(Dentry self, String name, Inode existing) {
        synchronized (fs.namespace) {
            expectFree(self, name);
            TmpfsInode inode = (TmpfsInode) existing;
            inode.addLinks(1);
            add(self, name, inode);
        }
    }

    @Override
    public void unlink(Dentry self, Dentry child, boolean directory) {
        synchronized (fs.namespace) {
            Entry entry = entries.get(child.name());
            if (entry == null || entry.dentry != child) {
                throw SystemCallException.of(Errno.ENOENT);
            }
            if (directory) {
                ((TmpfsDirectory) child.inode()).expectEmpty(child);
            }
            drop(child.name());
            discard(child);
            modified();
            happened(InodeWatch.DELETE, 0, child.name(), directory);
        }
    }

    /** A name of this directory is gone, with the lock of names held. */
    private void discard(Dentry child) {
        TmpfsInode inode = (TmpfsInode) child.inode();
        child.unlink();
        boolean directory = inode.type() == FileType.DIRECTORY;
        inode.addLinks(directory ? -2 : -1);
        if (directory) {
            addLinks(-1);
        }
    }

    private void expectEmpty(Dentry self) {
        populate(self);
        if (!entries.isEmpty()) {
            throw SystemCallException.of(Errno.ENOTEMPTY);
        }
    }

    @Override
    public void rename(Dentry self, Dentry child, Dentry newParent, String newName, int flags) {
        synchronized (fs.namespace) {
            TmpfsDirectory to = (TmpfsDirectory) newParent.inode();
            to.populate(newParent);
            Entry from = entries.get(child.name());
            if (from == null || from.dentry != child || newParent.unlinked()) {
                throw SystemCallException.of(Errno.ENOENT);
            }
            Entry present = to.entries.get(newName);
            Dentry target = present == null ? null : present.dentry;
            boolean exchange = (flags & RENAME_EXCHANGE) != 0;
            checkRename(self, child, newParent, target, flags);
            if (target != null && target.inode() == child.inode()) {
                return;
            }
            String oldName = child.name();
            drop(oldName);
            if (target != null) {
                to.drop(newName);
                if (exchange) {
                    target.move(self, oldName);
                    put(target);
                    to.moved(target, this);
                } else {
                    to.discard(target);
                }
            }
            child.move(newParent, newName);
            to.put(child);
            moved(child, to);
            modified();
            to.modified();
            int cookie = fs.renames.incrementAndGet();
            boolean isDirectory = child.inode().type() == FileType.DIRECTORY;
            happened(InodeWatch.MOVED_FROM, cookie, oldName, isDirectory);
            to.happened(InodeWatch.MOVED_TO, cookie, newName, isDirectory);
            child.inode().happened(InodeWatch.MOVE_SELF, 0, null, isDirectory);
        }
    }

    /** A child went from here to another directory: ".." of a directory is a link to its parent. */
    private void moved(Dentry child, TmpfsDirectory to) {
        ((TmpfsInode) child.inode()).changed();
        if (child.inode().type() == FileType.DIRECTORY && to != this) {
            addLinks(-1);
            to.addLinks(1);
        }
    }

    private static void checkRename(Dentry self, Dentry child, Dentry newParent, Dentry target, int flags) {
        boolean exchange = (flags & RENAME_EXCHANGE) != 0;
        if (newParent.isWithin(child)) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        if (target == null) {
            if (exchange) {
                throw SystemCallException.of(Errno.ENOENT);
            }
            return;
        }
        if ((flags & RENAME_NOREPLACE) != 0) {
            throw SystemCallException.of(Errno.EEXIST);
        }
        if (self.isWithin(target)) {
            throw SystemCallException.of(exchange ? Errno.EINVAL : Errno.ENOTEMPTY);
        }
        if (exchange || target.inode() == child.inode()) {
            return;
        }
        boolean directory = child.inode().type() == FileType.DIRECTORY;
        if (directory != (target.inode().type() == FileType.DIRECTORY)) {
            throw SystemCallException.of(directory ? Errno.ENOTDIR : Errno.EISDIR);
        }
        if (directory) {
            ((TmpfsDirectory) target.inode()).expectEmpty(target);
        }
    }

    @Override
    public FileDescription open(Task task, Location at, int flags) {
        return new Open(at, flags);
    }

    private final class Open extends DirectoryDescription {
        Open(Location at, int flags) {
            super(at, flags);
            populate(at.dentry());
        }

        @Override
        protected long list(long from, Sink sink) {
            accessed();
            for (Map.Entry<Long, Dentry> entry : order.tailMap(from).entrySet()) {
                TmpfsInode inode = (TmpfsInode) entry.getValue().inode();
                if (!sink.entry(entry.getValue().name(), inode.number(), inode.type(), entry.getKey() + 1)) {
                    return entry.getKey();
                }
            }
            return Math.max(from, lastOffset + 1);
        }
    }
}
