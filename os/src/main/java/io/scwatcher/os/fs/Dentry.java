package io.scwatcher.os.fs;

/**
 * A name in a directory and what it names (struct dentry). Open files, working directories and mounts hold on to it, so that a rename is
 * seen by all of them. File systems whose names come and go without notice (/proc) make a new one at each lookup.
 */
public final class Dentry {
    private final Inode inode;
    private volatile Dentry parent;
    private volatile String name;
    private volatile boolean unlinked;
    private volatile boolean mountPoint;

    /** @param parent null for the root of a file system  @param name one {@code char} for each byte */
    public Dentry(Dentry parent, String name, Inode inode) {
        this.parent = parent;
        this.name = name;
        this.inode = inode;
    }

    public Inode inode() {
        return inode;
    }

    /** The directory that holds it; the root's is the root itself. */
    public Dentry parent() {
        Dentry p = parent;
        return p == null ? this : p;
    }

    public String name() {
        return name;
    }

    public boolean isRoot() {
        return parent == null;
    }

    /** Whether the name is gone; the object lives on as long as it is used. */
    public boolean unlinked() {
        return unlinked;
    }

    public void unlink() {
        unlinked = true;
    }

    /** rename(2): only by its file system. */
    public void move(Dentry newParent, String newName) {
        parent = newParent;
        name = newName;
    }

    /** Whether something may be mounted here: spares all other names the look into the mount table. */
    boolean mountPoint() {
        return mountPoint;
    }

    void markMountPoint() {
        mountPoint = true;
    }

    /** Whether this is {@code other} or lies below it in the same file system. */
    public boolean isWithin(Dentry other) {
        for (Dentry d = this; d != null; d = d.parent) {
            if (d == other) {
                return true;
            }
        }
        return false;
    }
}
