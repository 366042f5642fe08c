package io.scwatcher.os.fs.proc;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.DirectoryDescription;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;
import java.util.List;

/** A directory of the layer's own part of /proc. */
abstract class ProcDirectory extends ProcInode {
    ProcDirectory(ProcFileSystem fs, int permissions, long number, Credentials of) {
        super(fs, FileType.DIRECTORY, permissions, number, of);
    }

    /** The entry of that name, or null. */
    abstract Inode child(String name);

    /** The names of all entries, in order. */
    abstract List<String> names();

    @Override
    public final Dentry lookup(Dentry self, String name) {
        Inode child = child(name);
        return child == null ? null : new Dentry(self, name, child);
    }

    /** A look-up that finds nothing fails, before anything else can. */
    @Override
    public final Dentry create(Dentry self, String name, FileType type, int permissions, long device, Credentials owner) {
        throw SystemCallException.of(Errno.ENOENT);
    }

    @Override
    public final Dentry symlink(Dentry self, String name, String target, Credentials owner) {
        throw SystemCallException.of(Errno.ENOENT);
    }

    @Override
    public final FileDescription open(Task task, Location at, int flags) {
        return new DirectoryDescription(at, flags) {
            private List<String> names;

            @Override
            protected void rewound() {
                names = null;
            }

            @Override
            protected long list(long from, Sink sink) {
                if (names == null) {
                    names = names();
                }
                for (long i = from - FIRST; i < names.size(); i++) {
                    String name = names.get((int) i);
                    Inode child = child(name);
                    if (child != null && !sink.entry(name, child.status().inode(), child.type(), i + 1 + FIRST)) {
                        return i + FIRST;
                    }
                }
                return Math.max(from, names.size() + FIRST);
            }
        };
    }
}
