package io.scwatcher.os.fs.proc;

import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.tree.TreeInode;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.SymbolicLink;

/** The root of a system's proc, with the layer's own processes in it. */
final class SystemRoot extends TreeInode {
    private final ProcFileSystem proc;
    private final Directory system;

    SystemRoot(ProcFileSystem proc, Directory system) {
        super(proc, system);
        this.proc = proc;
        this.system = system;
    }

    @Override
    public Dentry lookup(Dentry self, String name) {
        Inode own = OwnProcesses.lookup(proc, name);
        if (own != null) {
            return new Dentry(self, name, own);
        }
        Node node = system.lookup(name);
        return node == null ? null : new Dentry(self, name, new SystemInode(proc, node));
    }

    /** A node of the system's proc. */
    private static final class SystemInode extends TreeInode {
        SystemInode(ProcFileSystem proc, Node node) {
            super(proc, node);
        }

        @Override
        protected TreeInode child(Node child) {
            return new SystemInode((ProcFileSystem) fs, child);
        }

        /** Links to objects without a name, {@code socket:[4711]}, lead to something that stat(2) can look at. */
        @Override
        public Location follow(Task reader) {
            if (reader == null || !(node instanceof SymbolicLink link)) {
                return null;
            }
            String text = link.target();
            FileType type = text.startsWith("/") ? null : objectType(text);
            if (type == null) {
                return null;
            }
            int open = text.indexOf('[');
            long inode = text.endsWith("]") && !text.startsWith("anon_inode:") ? number(text, open + 1) : 1;
            Node object = new NamelessObject(new Attributes(type, type == FileType.FIFO ? 0600 : type == FileType.SOCKET ? 0777 : 0444, inode, 1, 0, 0, 0, 0, 0));
            return new Location(reader.fsContext().root().mount(), new Dentry(null, text, new TreeInode(fs, object)));
        }

        private static FileType objectType(String text) {
            int colon = text.indexOf(':');
            if (colon < 0) {
                return null;
            }
            return switch (text.substring(0, colon)) {
                case "socket" -> FileType.SOCKET;
                case "pipe" -> FileType.FIFO;
                default -> FileType.REGULAR;
            };
        }

        private static long number(String text, int from) {
            long value = 0;
            for (int i = from; i < text.length() - 1 && i < from + 18; i++) {
                int digit = text.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    return 1;
                }
                value = value * 10 + digit;
            }
            return Math.max(1, value);
        }
    }

    private record NamelessObject(Attributes attributes) implements SpecialFile {}
}
