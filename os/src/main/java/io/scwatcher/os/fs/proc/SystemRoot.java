package io.scwatcher.os.fs.proc;

import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.tree.TreeInode;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.MagicLink;
import io.scwatcher.vfs.Node;

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

        /** Links to files of the system lead to something that stat(2) can look at. */
        @Override
        public Location follow(Task reader) {
            if (reader == null || !(node instanceof MagicLink link)) {
                return null;
            }
            Inode object = new SystemObject(fs, link.object());
            return new Location(reader.fsContext().root().mount(), new Dentry(null, link.target(), object));
        }
    }
}
