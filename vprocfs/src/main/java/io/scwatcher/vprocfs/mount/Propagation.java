package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.fs.Path;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.vprocfs.ProcText;

/** The optional fields of mountinfo: how mount events spread (fs/pnode.c). */
final class Propagation {
    private static final int MNT_SHARED = 0x1000;
    private static final int MNT_UNBINDABLE = 0x2000;
    private static final int T_SHARED = 1;
    private static final int T_UNBINDABLE = 2;
    private static final int LONGEST_CHAIN = 1 << 16;

    private Propagation() {}

    static void print(KObject mount, Path root, ProcText out) {
        if (has(mount, MNT_SHARED, T_SHARED)) {
            out.put(" shared:").dec(mount.getInt("mnt_group_id"));
        }
        KObject master = mount.ptr("mnt_master");
        if (!master.isNull()) {
            int group = master.getInt("mnt_group_id");
            out.put(" master:").dec(group);
            int dominating = dominating(mount, root);
            if (dominating != 0 && dominating != group) {
                out.put(" propagate_from:").dec(dominating);
            }
        }
        if (has(mount, MNT_UNBINDABLE, T_UNBINDABLE)) {
            out.put(" unbindable");
        }
    }

    /** 6.17 moved these bits out of the flags that user space sets. */
    private static boolean has(KObject mount, int flag, int newFlag) {
        return mount.has("mnt_t_flags") ? (mount.get("mnt_t_flags") & newFlag) != 0
                : (mount.get("mnt.mnt_flags") & flag) != 0;
    }

    /** {@code get_dominating_id}: the nearest master group of which the reader can see a member. */
    private static int dominating(KObject mount, Path root) {
        KObject master = mount.ptr("mnt_master");
        for (int i = 0; i < LONGEST_CHAIN && !master.isNull(); i++) {
            if (hasPeerUnder(master, mount.get("mnt_ns"), root)) {
                return master.getInt("mnt_group_id");
            }
            master = master.ptr("mnt_master");
        }
        return 0;
    }

    /** {@code get_peer_under_root}. */
    private static boolean hasPeerUnder(KObject mount, long namespace, Path root) {
        if (isUnder(mount, namespace, root)) {
            return true;
        }
        for (KObject peer : Lists.list(mount.at("mnt_share"), "mount", "mnt_share")) {
            if (isUnder(peer, namespace, root)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUnder(KObject mount, long namespace, Path root) {
        return mount.get("mnt_ns") == namespace
                && Paths.walk(new Path(mount, mount.ptr("mnt.mnt_root")), root).end() == Paths.End.ROOT;
    }
}
