package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Idr;
import io.scwatcher.kernel.collection.XArray;
import java.util.ArrayList;
import java.util.List;

/** System V message queues, semaphores and shared memory of the initial IPC namespace (ipc/util.c). */
public final class SysvIpc {
    private static final long MOST_SEMAPHORES = 1 << 20;

    /** The three kinds with their index in {@code ids[]}, their structure and where its permissions lie. */
    public enum Kind {
        SEMAPHORES(0, "sem_array", "sem_perm"),
        QUEUES(1, "msg_queue", "q_perm"),
        SEGMENTS(2, "shmid_kernel", "shm_perm");

        private final int index;
        private final String structure;
        private final String permissions;

        Kind(int index, String structure, String permissions) {
            this.index = index;
            this.structure = structure;
            this.permissions = permissions;
        }
    }

    /** Pages of a shared memory segment, in memory and swapped out. */
    public record Residence(long resident, long swapped) {}

    private final Kernel kernel;

    public SysvIpc(Kernel kernel) {
        this.kernel = kernel;
    }

    /** All objects of a kind, by index. */
    public List<KObject> all(Kind kind) {
        List<KObject> found = new ArrayList<>();
        KObject ids = kernel.object("init_ipc_ns", "ipc_namespace").at("ids").index(kind.index);
        for (XArray.Entry entry : Idr.entries(ids.at("ipcs_idr"))) {
            found.add(kernel.at(entry.value(), "kern_ipc_perm").containerOf(kind.structure, kind.permissions));
        }
        return found;
    }

    /** {@code get_semotime}: the latest operation on any semaphore of the array, seconds since 1970. */
    public long lastOperation(KObject array) {
        long latest = 0;
        long count = Math.min(MOST_SEMAPHORES, array.get("sem_nsems"));
        for (long i = 0; i < count; i++) {
            latest = Math.max(latest, array.at("sems").index(i).get("sem_otime"));
        }
        return latest;
    }

    /** {@code shm_add_rss_swap}. */
    public Residence residence(KObject segment) {
        KObject inode = segment.ptr("shm_file").ptr("f_inode");
        KObject mapping = inode.ptr("i_mapping");
        long pages = mapping.get("nrpages");
        long hugeOperations = new Variables(kernel).addressOr("hugetlbfs_file_operations", 0);
        if (hugeOperations != 0 && segment.ptr("shm_file").get("f_op") == hugeOperations) {
            KObject pool = inode.ptr("i_sb").get("s_fs_info") == 0 ? null
                    : kernel.at(inode.ptr("i_sb").get("s_fs_info"), "hugetlbfs_sb_info").ptr("hstate");
            return new Residence(pool == null ? pages : pages * (HugePages.size(pool) >>> 12), 0);
        }
        return new Residence(pages, inode.containerOf("shmem_inode_info", "vfs_inode").get("swapped"));
    }
}
