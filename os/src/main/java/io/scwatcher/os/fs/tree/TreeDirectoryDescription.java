package io.scwatcher.os.fs.tree;

import io.scwatcher.os.fs.DirectoryDescription;
import io.scwatcher.os.fs.Location;
import io.scwatcher.vfs.Directory;
import java.util.List;

/** An open directory of a tree: its entries as they were when reading started from the beginning. */
final class TreeDirectoryDescription extends DirectoryDescription {
    private final Directory directory;
    private List<Directory.Entry> entries;

    TreeDirectoryDescription(Directory directory, Location at, int flags) {
        super(at, flags);
        this.directory = directory;
    }

    @Override
    protected void rewound() {
        entries = null;
    }

    @Override
    protected long list(long from, Sink sink) {
        if (entries == null) {
            entries = directory.list();
        }
        for (long i = from - FIRST; i < entries.size(); i++) {
            Directory.Entry entry = entries.get((int) i);
            if (!sink.entry(entry.name(), entry.inode(), entry.type(), i + 1 + FIRST)) {
                return i + FIRST;
            }
        }
        return Math.max(from, entries.size() + FIRST);
    }
}
