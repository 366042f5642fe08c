package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.collection.XArray;
import io.scwatcher.kernel.system.MemoryCounters;
import io.scwatcher.kernel.system.ModuleSymbols;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;
import java.util.function.BiConsumer;

/** /proc/fs/ext4/DEVICE: what a mounted ext4 says of itself (fs/ext4/sysfs.c names the files). */
final class Ext4Files {
    private static final int NAME_LIMIT = 128;
    private static final int GROUP_ORDERS = 14;
    private static final int MOST_GROUPS = 1 << 20;
    private static final int MB_OPTIMIZE_SCAN = 0x80;
    private static final List<String> SNAPSHOT_FAILURES = List.of("es_miss", "es_delayed", "es_other", "inodes_cap",
            "ranges_cap", "nomem", "inode_loc", "no_snap");

    private Ext4Files() {}

    /** How to print a file, given the {@code struct super_block}; null if nobody knows. */
    static BiConsumer<KObject, ProcText> find(String file) {
        return switch (file) {
            case "options" -> Ext4OptionsFile::print;
            case "es_shrinker_info" -> Ext4Files::printExtentStatus;
            case "fc_info" -> Ext4Files::printFastCommits;
            case "mb_groups" -> Ext4Files::printGroups;
            case "mb_stats" -> Ext4Files::printAllocator;
            case "mb_structs_summary" -> Ext4Files::printStructures;
            default -> null;
        };
    }

    static KObject info(KObject superBlock) {
        return superBlock.kernel().at(superBlock.get("s_fs_info"), "ext4_sb_info");
    }

    /** {@code ext4_seq_es_shrinker_info_show}. */
    private static void printExtentStatus(KObject superBlock, ProcText out) {
        KObject info = info(superBlock);
        KObject statistics = info.at("s_es_stats");
        int inodes = 0;
        KObject largest = null;
        for (KObject inode : Lists.list(info.at("s_es_list"), "ext4_inode_info", "i_es_list")) {
            inodes++;
            if (largest == null || largest.get("i_es_all_nr") < inode.get("i_es_all_nr")) {
                largest = inode;
            }
        }
        out.put("stats:\n  ").dec(sum(statistics, "es_stats_all_cnt")).put(" objects\n  ");
        out.dec(sum(statistics, "es_stats_shk_cnt")).put(" reclaimable objects\n  ");
        out.dec(sum(statistics, "es_stats_cache_hits")).put('/');
        out.dec(sum(statistics, "es_stats_cache_misses")).put(" cache hits/misses\n");
        if (inodes != 0) {
            out.put("  ").dec(inodes).put(" inodes on list\n");
        }
        out.put("average:\n  ").unsigned(statistics.get("es_stats_scan_time") / 1000).put(" us scan time\n  ");
        out.unsigned(statistics.get("es_stats_shrunk")).put(" shrunk objects\n");
        if (largest != null) {
            out.put("maximum:\n  ").unsigned(largest.get("vfs_inode.i_ino")).put(" inode (");
            out.unsigned(largest.get("i_es_all_nr")).put(" objects, ").unsigned(largest.get("i_es_shk_nr"));
            out.put(" reclaimable)\n  ").unsigned(statistics.get("es_stats_max_scan_time") / 1000);
            out.put(" us max scan time\n");
        }
    }

    private static long sum(KObject statistics, String member) {
        return Math.max(0, new MemoryCounters(statistics.kernel()).perCpuSum(statistics.at(member)));
    }

    /** {@code ext4_fc_info_show}; the statistics of snapshots came with 7.1. */
    private static void printFastCommits(KObject superBlock, ProcText out) {
        KObject info = info(superBlock);
        Kernel kernel = superBlock.kernel();
        KObject statistics = info.at("s_fc_stats");
        long average = info.has("s_fc_avg_commit_time") ? info.get("s_fc_avg_commit_time")
                : statistics.get("s_fc_avg_commit_time");
        out.put("fc stats:\n").dec(statistics.get("fc_num_commits")).put(" commits\n");
        out.dec(statistics.get("fc_ineligible_commits")).put(" ineligible\n");
        out.dec(statistics.get("fc_numblks")).put(" numblks\n").unsigned(average / 1000).put("us avg_commit_time\n");
        out.put("Ineligible reasons:\n");
        KObject reasons = statistics.at("fc_ineligible_reason_count");
        long names = new ModuleSymbols(kernel).find("ext4", "fc_ineligible_reasons");
        int count = reasons.type() instanceof CType.Array array ? Math.min(64, array.length()) : 0;
        for (int i = 0; i < count; i++) {
            long name = kernel.memory().u64(names + (long) i * Long.BYTES);
            out.put('"').put(name == 0 ? "(null)" : kernel.memory().string(name, NAME_LIMIT)).put("\":\t").dec((int) reasons.index(i).value()).put('\n');
        }
        if (info.has("s_fc_snap_stats")) {
            printSnapshots(info.at("s_fc_snap_stats"), out);
        }
    }

    private static void printSnapshots(KObject statistics, ProcText out) {
        long samples = statistics.get("lock_updates_samples");
        long average = samples == 0 ? 0 : Long.divideUnsigned(statistics.get("lock_updates_ns_total"), samples);
        out.put("Snapshot stats:\n").unsigned(statistics.get("snap_inodes")).put(" inodes\n");
        out.unsigned(statistics.get("snap_ranges")).put(" ranges\n").unsigned(average / 1000);
        out.put("us lock_updates_avg\n").unsigned(statistics.get("lock_updates_ns_max") / 1000);
        out.put("us lock_updates_max\nSnapshot failures:\n");
        for (String failure : SNAPSHOT_FAILURES) {
            out.unsigned(statistics.get("snap_fail_" + failure)).put(' ').put(failure).put('\n');
        }
    }

    /** {@code ext4_mb_seq_groups_show}; what a corrupt group is told by came later and is left out. */
    private static void printGroups(KObject superBlock, ProcText out) {
        KObject info = info(superBlock);
        Kernel kernel = superBlock.kernel();
        int blockBits = superBlock.getInt("s_blocksize_bits") & 31;
        int perBlockBits = info.getInt("s_desc_per_block_bits") & 31;
        long groups = Math.min(MOST_GROUPS, info.get("s_groups_count") & 0xffff_ffffL);
        out.put("#group: free  frags first [ 2^0   2^1   2^2   2^3   2^4   2^5   2^6  "
                + " 2^7   2^8   2^9   2^10  2^11  2^12  2^13  ]\n");
        for (long group = 0; group < groups; group++) {
            long table = kernel.memory().u64(info.get("s_group_info") + (group >>> perBlockBits) * Long.BYTES);
            long place = kernel.memory().u64(table + (group & (1L << perBlockBits) - 1) * Long.BYTES);
            KObject each = kernel.at(place, "ext4_group_info");
            out.put('#').left(Long.toString(group), 5).put(": ").left(number(each, "bb_free"), 5).put(' ');
            out.left(number(each, "bb_fragments"), 5).put(' ').left(number(each, "bb_first_free"), 5).put(" [");
            for (int order = 0; order < GROUP_ORDERS; order++) {
                long count = order <= blockBits + 1 ? each.at("bb_counters").index(order).value() : 0;
                out.put(' ').left(Long.toString(count & 0xffff_ffffL), 5);
            }
            out.put(" ]\n");
        }
    }

    private static String number(KObject group, String member) {
        return Long.toString(group.get(member) & 0xffff_ffffL);
    }

    /** {@code ext4_seq_mb_stats_show} where nothing is collected, as is usual. */
    private static void printAllocator(KObject superBlock, ProcText out) {
        if (info(superBlock).get("s_mb_stats") != 0) {
            throw new VfsException(Errno.EOPNOTSUPP);
        }
        out.put("mballoc:\n\tmb stats collection turned off.\n"
                + "\tTo enable, please write \"1\" to sysfs file mb_stats.\n");
    }

    /** {@code ext4_mb_seq_structs_summary_show}: groups by order, in lists or (newer) in xarrays. */
    private static void printStructures(KObject superBlock, ProcText out) {
        KObject info = info(superBlock);
        int orders = (superBlock.getInt("s_blocksize_bits") & 31) + 2;
        boolean optimizes = (info.getInt("s_mount_opt2") & MB_OPTIMIZE_SCAN) != 0;
        out.put("optimize_scan: ").dec(optimizes ? 1 : 0).put("\nmax_free_order_lists:\n");
        printOrders(info.ptr("s_mb_largest_free_orders"), "bb_largest_free_order_node", orders, out);
        out.put("avg_fragment_size_lists:\n");
        printOrders(info.ptr("s_mb_avg_fragment_size"), "bb_avg_fragment_size_node", orders, out);
    }

    private static void printOrders(KObject array, String link, int orders, ProcText out) {
        for (int order = 0; order < orders; order++) {
            KObject of = array.index(order);
            long count = 0;
            if (of.has("xa_head")) {
                count = XArray.entries(of).size();
            } else {
                for (KObject ignored : Lists.list(of, "ext4_group_info", link)) {
                    count++;
                }
            }
            out.put("\tlist_order_").dec(order).put("_groups: ").unsigned(count).put('\n');
        }
    }
}
