package io.scwatcher.os.fs.tree;

import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.vfs.Directory;

/** A read-only {@code vfs} tree whose names may come and go: it is asked again at each look-up. */
public final class TreeFileSystem implements FileSystem {
    private final String type;
    private final Statistics statistics;
    private final long device;
    private final Dentry root;

    /**
     * @param type as in /proc/filesystems
     * @param magic of statfs(2)
     * @param device {@code st_dev}
     */
    public TreeFileSystem(String type, long magic, long device, Directory tree) {
        this.type = type;
        this.statistics = new Statistics(magic, 4096, 0, 0, 0, 0, 255);
        this.device = device;
        this.root = new Dentry(null, "/", new TreeInode(this, tree));
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
        return statistics;
    }

    @Override
    public long device() {
        return device;
    }
}
