package io.scwatcher.os.fs;

/** Root and working directory, the mask of new files' modes (struct fs_struct). Shared by threads, and by CLONE_FS. */
public final class FsContext {
    private final Mounts mounts;
    private volatile Location root;
    private volatile Location workingDirectory;
    private volatile int umask = 022;

    /** A context at the root of a namespace. */
    public FsContext(Mounts mounts) {
        this.mounts = mounts;
        this.root = mounts.root();
        this.workingDirectory = root;
    }

    /** What fork(2) does without CLONE_FS. */
    public FsContext copy() {
        FsContext copy = new FsContext(mounts);
        copy.root = root;
        copy.workingDirectory = workingDirectory;
        copy.umask = umask;
        return copy;
    }

    public Mounts mounts() {
        return mounts;
    }

    public Location root() {
        return root;
    }

    public void root(Location directory) {
        root = directory;
    }

    public Location workingDirectory() {
        return workingDirectory;
    }

    public void workingDirectory(Location directory) {
        workingDirectory = directory;
    }

    /** Permission bits that new files do not get. */
    public int umask() {
        return umask;
    }

    /** Sets the mask and tells the old one. */
    public synchronized int umask(int mask) {
        int old = umask;
        umask = mask & 0777;
        return old;
    }
}
