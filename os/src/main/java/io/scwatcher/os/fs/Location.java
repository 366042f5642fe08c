package io.scwatcher.os.fs;

/** A place in the tree of mounts (struct path). */
public record Location(Mount mount, Dentry dentry) {
    public Inode inode() {
        return dentry.inode();
    }

    /** Whether both are the same place. */
    public boolean sameAs(Location other) {
        return other != null && mount == other.mount && dentry == other.dentry;
    }

    /** One step up, across mounts but never above {@code root}. */
    public Location up(Location root) {
        Location at = this;
        while (!at.sameAs(root)) {
            if (!at.dentry.equals(at.mount.root())) {
                return new Location(at.mount, at.dentry.parent());
            }
            if (at.mount.point() == null) {
                return at;
            }
            at = at.mount.point();
        }
        return at;
    }

    /**
     * The absolute path as seen from {@code root} (d_path): followed by " (deleted)" where the name is gone, preceded by "(unreachable)"
     * where it does not lie below the root.
     */
    public String path(Location root) {
        String path = absolute(root);
        return isDeleted() ? path + " (deleted)" : path;
    }

    /** Likewise without a word on deletion. */
    public String absolute(Location root) {
        StringBuilder reversed = new StringBuilder();
        Location at = this;
        while (!at.sameAs(root)) {
            if (at.dentry == at.mount.root()) {
                if (at.mount.point() == null) {
                    return at.sameAs(new Location(at.mount, at.mount.root())) && root == null ? text(reversed) : "(unreachable)" + text(reversed);
                }
                at = at.mount.point();
                continue;
            }
            if (at.dentry.isRoot()) {
                return at.dentry.name();
            }
            reversed.append(new StringBuilder(at.dentry.name()).reverse()).append('/');
            at = new Location(at.mount, at.dentry.parent());
        }
        return text(reversed);
    }

    private static String text(StringBuilder reversed) {
        return reversed.isEmpty() ? "/" : reversed.reverse().toString();
    }

    /** Whether this name or one above it was removed. */
    public boolean isDeleted() {
        return dentry.unlinked();
    }
}
