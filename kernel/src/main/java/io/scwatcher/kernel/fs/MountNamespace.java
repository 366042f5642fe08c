package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.collection.RbTree;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A mount namespace.
 *
 * @param object the {@code struct mnt_namespace}
 */
public record MountNamespace(KObject object) {
    private static final int MNT_CURSOR = 0x1000_0000;

    /** Its mounts ({@code struct mount}) in the order in which /proc/PID/mounts shows them. */
    public List<KObject> mounts() {
        List<KObject> mounts = new ArrayList<>();
        if (object.kernel().types().struct("mount").has("mnt_node")) {
            // Since 6.8 ordered by the unique mount id.
            RbTree.inOrder(object.at("mounts"), "mount", "mnt_node").forEach(mounts::add);
            return mounts;
        }
        for (KObject mount : Lists.list(object.at("list"), "mount", "mnt_list")) {
            if ((mount.getInt("mnt.mnt_flags") & MNT_CURSOR) == 0) {
                mounts.add(mount);
            }
        }
        return mounts;
    }

    /**
     * {@code is_anon_ns}: made by open_tree(2) or fsmount(2), belongs to nobody yet. It has no sequence number; since 6.18
     * an inode number that all share; since 7.0 a mark.
     */
    static boolean isAnonymous(KObject namespace) {
        if (namespace.has("is_anon") || namespace.has("seq")) {
            return namespace.has("is_anon") ? namespace.get("is_anon") != 0 : namespace.get("seq") == 0;
        }
        OptionalLong shared = namespace.kernel().types().enumerator("MNT_NS_ANON_INO");
        return shared.isPresent() && namespace.get("ns.inum") == (shared.getAsLong() & 0xffff_ffffL);
    }
}
