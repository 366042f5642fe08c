package io.scwatcher.os.tty;

import io.scwatcher.os.Layer;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.DirectoryDescription;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.tree.TreeInode;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import java.util.List;

/**
 * /dev/pts: the slave sides of all terminals, and ptmx (fs/devpts/inode.c, 6.12). The system's own terminals are seen there too, since tools look for their names; they can't be
 * opened.
 */
public final class PtsFileSystem implements FileSystem {
    private static final long DEVICE = DeviceNumber.of(0, 24);
    private static final long DEVPTS_MAGIC = 0x1cd1;
    private static final int PTMX_INODE = 2, FIRST_INODE = 3;
    /** Offsets in the directory behind those of the layer's own terminals. */
    private static final int SYSTEM_COOKIES = 1 << 20;

    private final Dentry root = new Dentry(null, "/", new Root());
    private final Directory system;
    private volatile Terminals terminals;

    /** @param system the system's own /dev/pts, or null */
    public PtsFileSystem(Directory system) {
        this.system = system;
    }

    @Override
    public void attach(Layer layer) {
        terminals = layer.terminals();
        if (system != null) {
            terminals.beside(number -> systemNode(Integer.toString(number)) != null);
        }
    }

    private Node systemNode(String name) {
        return system == null || name.equals("ptmx") ? null : system.lookup(name);
    }

    @Override
    public String type() {
        return "devpts";
    }

    @Override
    public Dentry root() {
        return root;
    }

    @Override
    public Statistics statistics() {
        return new Statistics(DEVPTS_MAGIC, 4096, 0, 0, 0, 0, 255);
    }

    @Override
    public long device() {
        return DEVICE;
    }

    /** Of a slave side. */
    static FileStatus status(Terminal terminal) {
        return new FileStatus(DEVICE, terminal.number() + FIRST_INODE, 0020620, 1, terminal.uid(), terminal.gid(), terminal.device(), 0, 1024, 0, 0, 0, 0, 0);
    }

    private final class Root extends Inode {
        @Override
        public FileStatus status() {
            return new FileStatus(DEVICE, 1, 0040755, 2, 0, 0, 0, 0, 1024, 0, 0, 0, 0, 0);
        }

        @Override
        public FileType type() {
            return FileType.DIRECTORY;
        }

        @Override
        public FileSystem fileSystem() {
            return PtsFileSystem.this;
        }

        @Override
        public Dentry lookup(Dentry self, String name) {
            if (name.equals("ptmx")) {
                return new Dentry(self, name, new Multiplexer());
            }
            boolean number = !name.isEmpty() && name.length() <= 4 && name.chars().allMatch(c -> c >= '0' && c <= '9') && (name.equals("0") || name.charAt(0) != '0');
            Terminal terminal = number ? terminals.find(Integer.parseInt(name)) : null;
            if (terminal != null) {
                return new Dentry(self, name, new Slave(terminal));
            }
            Node other = systemNode(name);
            return other == null ? null : new Dentry(self, name, new SystemInode(other));
        }

        @Override
        public FileDescription open(Task task, Location at, int flags) {
            return new DirectoryDescription(at, flags) {
                @Override
                protected long list(long from, Sink sink) {
                    if (from <= FIRST && !sink.entry("ptmx", PTMX_INODE, FileType.CHARACTER_DEVICE, FIRST + 1)) {
                        return FIRST;
                    }
                    for (Terminal terminal : from < SYSTEM_COOKIES ? terminals.all() : List.<Terminal>of()) {
                        long cookie = FIRST + 1 + terminal.number();
                        if (cookie >= from && !sink.entry(Integer.toString(terminal.number()), terminal.number() + FIRST_INODE, FileType.CHARACTER_DEVICE, cookie + 1)) {
                            return cookie;
                        }
                    }
                    return listSystem(Math.max(from, SYSTEM_COOKIES), sink);
                }
            };
        }
    }

    private long listSystem(long from, DirectoryDescription.Sink sink) {
        long cookie = SYSTEM_COOKIES;
        for (Directory.Entry entry : system == null ? List.<Directory.Entry>of() : system.list()) {
            Node node = cookie >= from ? systemNode(entry.name()) : null;
            if (node != null && !sink.entry(entry.name(), node.attributes().inode(), node.attributes().type(), cookie + 1)) {
                return cookie;
            }
            cookie++;
        }
        return Integer.MAX_VALUE;
    }

    /** A terminal of the system. */
    private final class SystemInode extends TreeInode {
        SystemInode(Node node) {
            super(PtsFileSystem.this, node);
        }

        @Override
        public FileDescription open(Task task, Location at, int flags) {
            throw SystemCallException.of(Errno.EIO);
        }
    }

    /** What both kinds of devices have in common. */
    private abstract class Device extends Inode {
        @Override
        public FileType type() {
            return FileType.CHARACTER_DEVICE;
        }

        @Override
        public FileSystem fileSystem() {
            return PtsFileSystem.this;
        }
    }

    private final class Multiplexer extends Device {
        @Override
        public FileStatus status() {
            return new FileStatus(DEVICE, PTMX_INODE, 0020666, 1, 0, 0, DeviceNumber.of(5, 2), 0, 1024, 0, 0, 0, 0, 0);
        }

        @Override
        public FileDescription open(Task task, Location at, int flags) {
            return terminals.openMaster(task, at, flags);
        }
    }

    private final class Slave extends Device {
        private final Terminal terminal;

        Slave(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public FileStatus status() {
            return PtsFileSystem.status(terminal);
        }

        @Override
        public FileDescription open(Task task, Location at, int flags) {
            return terminals.openSlave(task, terminal, at, flags);
        }

        /** grantpt(3) of old libraries. The owner stays. */
        @Override
        public void changeMode(int permissions) {}

        @Override
        public void changeOwner(int uid, int gid) {}

        @Override
        public void changeTimes(long atime, long mtime) {}
    }
}
