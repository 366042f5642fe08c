package io.scwatcher.os.fs;

/** A file system, or a directory of one, at a place of the tree (struct mount). */
public final class Mount {
    public static final int READ_ONLY = 1;
    public static final int NO_SUID = 2;
    public static final int NO_DEVICES = 4;
    public static final int NO_EXEC = 8;

    private final int id;
    private final FileSystem fileSystem;
    private final Dentry root;
    private final Location point;
    private final String source;
    private volatile int flags;

    Mount(int id, FileSystem fileSystem, Dentry root, Location point, String source, int flags) {
        this.id = id;
        this.fileSystem = fileSystem;
        this.root = root;
        this.point = point;
        this.source = source;
        this.flags = flags;
    }

    /** As in /proc/self/mountinfo. */
    public int id() {
        return id;
    }

    public FileSystem fileSystem() {
        return fileSystem;
    }

    /** What of the file system is seen here. */
    public Dentry root() {
        return root;
    }

    /** Where it is mounted, or null for the root of the namespace. */
    public Location point() {
        return point;
    }

    public String source() {
        return source;
    }

    /** {@code MS_*} bits of mount(2). */
    public int flags() {
        return flags;
    }

    public void flags(int flags) {
        this.flags = flags;
    }

    public boolean readOnly() {
        return (flags & READ_ONLY) != 0;
    }
}
