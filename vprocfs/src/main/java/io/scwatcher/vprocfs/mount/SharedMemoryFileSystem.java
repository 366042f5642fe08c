package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vprocfs.ProcText;

/** Mount options of tmpfs and devtmpfs: mm/shmem.c {@code shmem_show_options}. */
final class SharedMemoryFileSystem implements FileSystemOptions {
    private static final int DEFAULT_MODE = 01777;
    private static final int MPOL_DEFAULT = 0;
    private static final String[] HUGE = {"never", "always", "within_size", "advise"};
    private static final int SHMEM_HUGE_DENY = -1;
    private static final int SHMEM_HUGE_FORCE = -2;

    @Override
    public void print(KObject superBlock, KObject root, ProcText out) {
        Kernel kernel = superBlock.kernel();
        KObject info = superBlock.ptr("s_fs_info").as("shmem_sb_info");
        long usual = kernel.memory().u64(kernel.address("_totalram_pages")) / 2;
        if (info.get("max_blocks") != usual) {
            out.put(",size=").unsigned(info.get("max_blocks") << 2).put('k');
        }
        if (info.get("max_inodes") != usual) {
            out.put(",nr_inodes=").unsigned(info.get("max_inodes"));
        }
        if (info.get("mode") != DEFAULT_MODE) {
            out.put(",mode=");
            OptionText.octal3(info.get("mode"), out);
        }
        OptionText.owner(info, out);
        inodeWidth(kernel, info, out);
        hugePages(info, out);
        policy(info, out);
        if (info.getOr("noswap", 0) != 0) {
            out.put(",noswap");
        }
        quotas(info, out);
    }

    /**
     * {@code inode64} is told where it is set, {@code inode32} where it is not set though that is the default
     * ({@code CONFIG_TMPFS_INODE64}): then the kernel never compares and both texts come from one number.
     */
    private static void inodeWidth(Kernel kernel, KObject info, ProcText out) {
        if (!info.has("full_inums")) {
            return;
        }
        if (info.get("full_inums") != 0) {
            out.put(",inode64");
        } else if (isWideByDefault(kernel)) {
            out.put(",inode32");
        }
    }

    /** The kernel's own internal mount takes the default. */
    private static boolean isWideByDefault(Kernel kernel) {
        if (!kernel.symbols().has("shm_mnt")) {
            return false;
        }
        KObject mount = kernel.at(kernel.memory().u64(kernel.address("shm_mnt")), "vfsmount");
        return !mount.isNull()
                && mount.ptr("mnt_sb").ptr("s_fs_info").as("shmem_sb_info").getOr("full_inums", 0) != 0;
    }

    private static void hugePages(KObject info, ProcText out) {
        int huge = info.has("huge") ? (byte) info.get("huge") : 0;
        if (huge != 0) {
            out.put(",huge=").put(huge == SHMEM_HUGE_DENY ? "deny" : huge == SHMEM_HUGE_FORCE ? "force"
                    : huge > 0 && huge < HUGE.length ? HUGE[huge] : "bad_val");
        }
    }

    private static void policy(KObject info, ProcText out) {
        KObject policy = info.has("mpol") ? info.ptr("mpol") : null;
        if (policy != null && !policy.isNull() && policy.get("mode") != MPOL_DEFAULT) {
            out.put(",mpol=").put(MemoryPolicy.text(policy));
        }
    }

    private static void quotas(KObject info, ProcText out) {
        if (!info.has("qlimits") || !KernelTraits.hasText(info.kernel(), ",usrquota_block_hardlimit=", "shmem_show_options")) {
            return;
        }
        String[][] limits = {{"usrquota_bhardlimit", "usrquota_block_hardlimit"},
            {"grpquota_bhardlimit", "grpquota_block_hardlimit"}, {"usrquota_ihardlimit", "usrquota_inode_hardlimit"},
            {"grpquota_ihardlimit", "grpquota_inode_hardlimit"}};
        for (String[] limit : limits) {
            long value = info.get("qlimits." + limit[0]);
            if (value != 0) {
                out.put(',').put(limit[1]).put('=').dec(value);
            }
        }
    }
}
