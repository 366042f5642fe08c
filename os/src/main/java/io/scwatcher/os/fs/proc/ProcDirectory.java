package io.scwatcher.os.fs.proc;

import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.DirectoryDescription;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
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
