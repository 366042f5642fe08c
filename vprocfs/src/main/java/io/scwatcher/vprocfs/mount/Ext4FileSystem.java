package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.vprocfs.ProcText;

/**
 * Mount options of ext4: fs/ext4/super.c {@code _ext4_show_options}. An option is told where it differs from what the
 * file system has by itself. The bits are macros of fs/ext4/ext4.h.
 */
final class Ext4FileSystem implements FileSystemOptions {
    private static final int ERRORS_CONT = 0x10;
    private static final int ERRORS_RO = 0x20;
    private static final int ERRORS_PANIC = 0x40;
    private static final int DATA_FLAGS = 0xc00;
    private static final int INIT_INODE_TABLE = 0x8000_0000;
    private static final int DATA_ERR_ABORT = 0x1000_0000;
    private static final int DAX_ALWAYS = 0x200;
    private static final int DAX_NEVER = 0x20;
    private static final int DAX_INODE = 0x40;
    private static final int MB_OPTIMIZE_SCAN = 0x80;
    private static final int LINEAR_SCAN_GROUPS = 16;
    private static final int USER_QUOTA = 0x8_0000;
    private static final int GROUP_QUOTA = 0x10_0000;
    private static final int PROJECT_QUOTA = 0x20_0000;
    private static final int QUOTA_BITS = 0x4_0000 | USER_QUOTA | GROUP_QUOTA | PROJECT_QUOTA;
    private static final int SB_INLINECRYPT = 1 << 17;
    private static final int COMMIT_SECONDS = 5;
    private static final int MAX_BATCH_TIME = 15000;
    private static final int READAHEAD_BLOCKS = 32;
    private static final int WAIT_MULTIPLIER = 10;

    /** Name, bit, whether it is told when the bit is set (else when it is clear). */
    private record Switch(String name, int bit, boolean set) {}

    private static final Switch[] SWITCHES = {
        new Switch("minixdf", 0x80, true), new Switch("bsddf", 0x80, false),
        new Switch("grpid", 0x4, true), new Switch("nogrpid", 0x4, false),
        new Switch("block_validity", 0x2000_0000, true), new Switch("noblock_validity", 0x2000_0000, false),
        new Switch("dioread_nolock", 0x40_0000, true), new Switch("dioread_lock", 0x40_0000, false),
        new Switch("discard", 0x4000_0000, true), new Switch("nodiscard", 0x4000_0000, false),
        new Switch("delalloc", 0x800_0000, true), new Switch("nodelalloc", 0x800_0000, false),
        new Switch("warn_on_error", 0x200_0000, true), new Switch("nowarn_on_error", 0x200_0000, false),
        new Switch("nojournal_checksum", 0x80_0000, false), new Switch("journal_checksum", 0x80_0000, true),
        new Switch("journal_async_commit", 0x100_0000 | 0x80_0000, true),
        new Switch("norecovery", 0x100, true),
        new Switch("barrier", 0x2_0000, true), new Switch("nobarrier", 0x2_0000, false),
        new Switch("noauto_da_alloc", 0x1_0000, true), new Switch("auto_da_alloc", 0x1_0000, false),
        new Switch("noinit_itable", INIT_INODE_TABLE, false),
        new Switch("user_xattr", 0x4000, true), new Switch("nouser_xattr", 0x4000, false),
        new Switch("acl", 0x8000, true), new Switch("noacl", 0x8000, false),
        new Switch("nouid32", 0x2000, true), new Switch("debug", 0x8, true),
        new Switch("nombcache", 0x1, true)};

    @Override
    public void print(KObject superBlock, KObject root, ProcText out) {
        KObject info = superBlock.ptr("s_fs_info").as("ext4_sb_info");
        KObject disk = info.ptr("s_es");
        int options = info.getInt("s_mount_opt");
        int usual = info.getInt("s_def_mount_opt");
        if (info.get("s_sb_block") != 1) {
            out.put(",sb=").unsigned(info.get("s_sb_block"));
        }
        for (Switch each : SWITCHES) {
            boolean differs = (each.bit & (options ^ usual)) != 0;
            boolean told = each.set ? (options & each.bit) == each.bit : (options & each.bit) == 0;
            if (differs && told) {
                out.put(',').put(each.name);
            }
        }
        reserved(info, disk, out);
        errors(options, (int) disk.get("s_errors"), out);
        times(info, out);
        if (((options ^ usual) & DATA_FLAGS) != 0) {
            int data = (options & DATA_FLAGS) / 0x400;
            out.put(data == 1 ? ",data=journal" : data == 2 ? ",data=ordered" : data == 3 ? ",data=writeback" : "");
        }
        number(",inode_readahead_blks=", info.get("s_inode_readahead_blks"), READAHEAD_BLOCKS, out);
        if ((options & INIT_INODE_TABLE) != 0) {
            number(",init_itable=", info.get("s_li_wait_mult"), WAIT_MULTIPLIER, out);
        }
        number(",max_dir_size_kb=", info.get("s_max_dir_size_kb"), 0, out);
        if ((options & DATA_ERR_ABORT) != 0) {
            out.put(",data_err=abort");
        }
        if ((superBlock.get("s_flags") & SB_INLINECRYPT) != 0) {
            out.put(",inlinecrypt");
        }
        directAccess(options, info.getInt("s_mount_opt2"), out);
        optimizedScan(info, out);
        quota(options, out);
    }

    private static void reserved(KObject info, KObject disk, ProcText out) {
        long uid = info.get("s_resuid.val") & 0xffff_ffffL;
        long gid = info.get("s_resgid.val") & 0xffff_ffffL;
        if (uid != 0 || disk.get("s_def_resuid") != 0) {
            out.put(",resuid=").unsigned(uid);
        }
        if (gid != 0 || disk.get("s_def_resgid") != 0) {
            out.put(",resgid=").unsigned(gid);
        }
    }

    private static void errors(int options, int usual, ProcText out) {
        if ((options & ERRORS_RO) != 0 && usual != 2) {
            out.put(",errors=remount-ro");
        }
        if ((options & ERRORS_CONT) != 0 && usual != 1) {
            out.put(",errors=continue");
        }
        if ((options & ERRORS_PANIC) != 0 && usual != 3) {
            out.put(",errors=panic");
        }
    }

    private static void times(KObject info, ProcText out) {
        Kernel kernel = info.kernel();
        int hz = Timekeeping.hz(kernel);
        long commit = info.get("s_commit_interval");
        if (commit != (long) COMMIT_SECONDS * hz) {
            out.put(",commit=").unsigned(commit / hz);
        }
        number(",min_batch_time=", info.get("s_min_batch_time"), 0, out);
        number(",max_batch_time=", info.get("s_max_batch_time"), MAX_BATCH_TIME, out);
        number(",stripe=", info.get("s_stripe"), 0, out);
    }

    private static void directAccess(int options, int options2, ProcText out) {
        if ((options & DAX_ALWAYS) != 0) {
            out.put(",dax=always");
        } else if ((options2 & DAX_NEVER) != 0) {
            out.put(",dax=never");
        } else if ((options2 & DAX_INODE) != 0) {
            out.put(",dax=inode");
        }
    }

    /** {@code mb_optimize_scan}, 5.13: on by default from 16 block groups on. */
    private static void optimizedScan(KObject info, ProcText out) {
        if (!info.has("s_mb_avg_fragment_size") && !info.has("s_mb_largest_free_orders")) {
            return;
        }
        boolean on = (info.getInt("s_mount_opt2") & MB_OPTIMIZE_SCAN) != 0;
        boolean usual = (info.get("s_groups_count") & 0xffff_ffffL) >= LINEAR_SCAN_GROUPS;
        if (on != usual) {
            out.put(on ? ",mb_optimize_scan=1" : ",mb_optimize_scan=0");
        }
    }

    /** {@code ext4_show_quota_options}. */
    private static void quota(int options, ProcText out) {
        if ((options & QUOTA_BITS) == 0) {
            return;
        }
        out.put((options & USER_QUOTA) != 0 ? ",usrquota" : "").put((options & GROUP_QUOTA) != 0 ? ",grpquota" : "");
        out.put((options & PROJECT_QUOTA) != 0 ? ",prjquota" : "");
    }

    private static void number(String name, long value, long usual, ProcText out) {
        if (value != usual) {
            out.put(name).unsigned(value);
        }
    }
}
