package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.ModuleSymbols;
import io.scwatcher.kernel.system.Modules;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.vprocfs.ProcText;
import java.util.HashMap;
import java.util.Map;

/**
 * /proc/fs/ext4/DEVICE/options: all options, also the usual ones (fs/ext4/super.c, {@code ext4_seq_options_show}). Which
 * bit has which name stands in the driver's own tables: {@code ext4_mount_opts} with the names in
 * {@code ext4_param_specs}, up to 5.16 in {@code tokens}.
 */
final class Ext4OptionsFile {
    private static final int MOST = 512;
    private static final int NAME_LIMIT = 64;
    private static final int MOPT_SET = 0x1;
    private static final int MOPT_CLEAR = 0x2;
    private static final int MOPT_SKIP = 0x80;
    private static final int MOPT_2 = 0x100;
    /** {@code MOPT_CLEAR_ERR} and {@code MOPT_SKIP} up to 5.16, where the bits were others. */
    private static final int OLD_SKIPPED = 0x10 | 0x800;
    /** Bits of {@code s_mount_opt} and {@code s_mount_opt2}, fs/ext4/ext4.h. */
    private static final int ERRORS_CONT = 0x10;
    private static final int ERRORS_RO = 0x20;
    private static final int ERRORS_PANIC = 0x40;
    private static final int NO_PREFETCH_BLOCK_BITMAPS = 0x20_0000;
    private static final int INIT_INODE_TABLE = 0x8000_0000;
    private static final int DATA_ERR_ABORT = 0x1000_0000;
    private static final int DAX_ALWAYS = 0x200;
    private static final int DAX_NEVER = 0x20;
    private static final int DAX_INODE = 0x40;
    private static final int MB_OPTIMIZE_SCAN = 0x80;
    private static final int LINEAR_SCAN_GROUPS = 16;
    private static final int SB_RDONLY = 1;
    private static final int SB_I_VERSION = 1 << 23;
    private static final String[] JOURNALING = {"", "\ndata=journal", "\ndata=ordered", "\ndata=writeback"};

    private Ext4OptionsFile() {}

    static void print(KObject superBlock, ProcText out) {
        KObject info = Ext4Files.info(superBlock);
        int options = info.getInt("s_mount_opt");
        int options2 = info.getInt("s_mount_opt2");
        out.put((superBlock.get("s_flags") & SB_RDONLY) != 0 ? "ro" : "rw");
        if (info.get("s_sb_block") != 1) {
            out.put("\nsb=").unsigned(info.get("s_sb_block"));
        }
        printSwitches(superBlock.kernel(), options, options2, out);
        out.put("\nresuid=").unsigned(info.get("s_resuid.val") & 0xffff_ffffL);
        out.put("\nresgid=").unsigned(info.get("s_resgid.val") & 0xffff_ffffL);
        out.put((options & ERRORS_RO) != 0 ? "\nerrors=remount-ro" : "");
        out.put((options & ERRORS_CONT) != 0 ? "\nerrors=continue" : "");
        out.put((options & ERRORS_PANIC) != 0 ? "\nerrors=panic" : "");
        out.put("\ncommit=").unsigned(info.get("s_commit_interval") / Timekeeping.hz(superBlock.kernel()));
        number(info, "s_min_batch_time", "min_batch_time", out);
        number(info, "s_max_batch_time", "max_batch_time", out);
        if ((superBlock.get("s_flags") & SB_I_VERSION) != 0 && tells(superBlock, "i_version")) {
            out.put("\ni_version");
        }
        number(info, "s_stripe", "stripe", out);
        out.put(JOURNALING[options >>> 10 & 3]);
        number(info, "s_inode_readahead_blks", "inode_readahead_blks", out);
        if ((options & INIT_INODE_TABLE) != 0) {
            number(info, "s_li_wait_mult", "init_itable", out);
        }
        number(info, "s_max_dir_size_kb", "max_dir_size_kb", out);
        printRest(superBlock, info, options, options2, out);
        out.put('\n');
    }

    private static void printSwitches(Kernel kernel, int options, int options2, ProcText out) {
        ModuleSymbols symbols = new ModuleSymbols(kernel);
        long specs = symbols.find("ext4", "ext4_param_specs");
        boolean isNew = specs != 0;
        KObject table = kernel.at(symbols.find("ext4", "ext4_mount_opts"), "mount_opts");
        Map<Long, String> names = isNew ? newNames(kernel.at(specs, "fs_parameter_spec"))
                : oldNames(kernel.at(symbols.findNear("ext4", "tokens", table.address()), "match_token"));
        for (int i = 0; i < MOST; i++) {
            int flags = table.index(i).getInt("flags");
            int bits = table.index(i).getInt("mount_opt");
            if (flags == 0 && bits == 0) {
                return;
            }
            int value = isNew && (flags & MOPT_2) != 0 ? options2 : options;
            boolean isSwitch = (flags & (MOPT_SET | MOPT_CLEAR)) != 0 && (flags & (isNew ? MOPT_SKIP : OLD_SKIPPED)) == 0;
            boolean isTold = (flags & MOPT_SET) != 0 ? (value & bits) == bits : (value & bits) == 0;
            if (isSwitch && isTold) {
                out.put('\n').put(names.getOrDefault(table.index(i).get("token") & 0xffff_ffffL, "(null)"));
            }
        }
    }

    /** The first name of each option that is a flag: it has no type. */
    private static Map<Long, String> newNames(KObject specs) {
        Map<Long, String> names = new HashMap<>();
        for (int i = 0; i < MOST && specs.index(i).get("name") != 0; i++) {
            if (specs.index(i).get("type") == 0) {
                names.putIfAbsent(specs.index(i).get("opt"), specs.index(i).string("name", NAME_LIMIT));
            }
        }
        return names;
    }

    private static Map<Long, String> oldNames(KObject tokens) {
        Map<Long, String> names = new HashMap<>();
        for (int i = 0; i < MOST && tokens.index(i).get("pattern") != 0; i++) {
            String pattern = tokens.index(i).string("pattern", NAME_LIMIT);
            if (pattern.indexOf('=') < 0) {
                names.putIfAbsent(tokens.index(i).get("token") & 0xffff_ffffL, pattern);
            }
        }
        return names;
    }

    /** Options that only some versions tell, as the text with which they print them shows. */
    private static boolean tells(KObject superBlock, String option) {
        return new Modules(superBlock.kernel()).hasText("ext4", "%c" + option + '\0');
    }

    private static void printRest(KObject superBlock, KObject info, int options, int options2, ProcText out) {
        out.put((options & DATA_ERR_ABORT) != 0 ? "\ndata_err=abort" : "");
        out.put((options & DAX_ALWAYS) != 0 ? "\ndax=always" : (options2 & DAX_NEVER) != 0 ? "\ndax=never"
                : (options2 & DAX_INODE) != 0 ? "\ndax=inode" : "");
        if (info.has("s_mb_largest_free_orders")) {
            boolean isOn = (options2 & MB_OPTIMIZE_SCAN) != 0;
            boolean isUsual = (info.get("s_groups_count") & 0xffff_ffffL) >= LINEAR_SCAN_GROUPS;
            out.put(isOn == isUsual ? "" : isOn ? "\nmb_optimize_scan=1" : "\nmb_optimize_scan=0");
        }
        if ((options & NO_PREFETCH_BLOCK_BITMAPS) == 0 && tells(superBlock, "prefetch_block_bitmaps")) {
            out.put("\nprefetch_block_bitmaps");
        }
    }

    private static void number(KObject info, String member, String name, ProcText out) {
        out.put('\n').put(name).put('=').unsigned(info.get(member));
    }
}
