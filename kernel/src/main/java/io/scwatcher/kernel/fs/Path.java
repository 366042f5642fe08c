package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;

/**
 * Where something is in the mount tree.
 *
 * @param mount the {@code struct mount}
 * @param dentry the {@code struct dentry}
 */
public record Path(KObject mount, KObject dentry) {
    /** From a {@code struct path}. */
    public static Path of(KObject path) {
        return new Path(mount(path.ptr("mnt")), path.ptr("dentry"));
    }

    /** {@code real_mount}: the {@code struct mount} around a {@code struct vfsmount}. */
    public static KObject mount(KObject vfsmount) {
        return vfsmount.containerOf("mount", "mnt");
    }

    public KObject inode() {
        return dentry.ptr("d_inode");
    }

    boolean isSame(Path other) {
        return dentry.address() == other.dentry.address() && mount.address() == other.mount.address();
    }
}
