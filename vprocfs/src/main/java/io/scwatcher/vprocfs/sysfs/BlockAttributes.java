package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.fs.OpenFile;
import io.scwatcher.kernel.fs.Path;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.kernel.fs.TaskFs;
import io.scwatcher.kernel.system.DiskStatistics;
import io.scwatcher.kernel.system.Disks;
import io.scwatcher.kernel.system.Disks.Partition;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.task.Tasks;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.DevicePrinter;
import java.util.Map;

/** What disks and partitions say below /sys/block (block/genhd.c, block/partitions/core.c, block/blk-sysfs.c). */
final class BlockAttributes {
    private static final int GENHD_FL_REMOVABLE = 1;
    /** Of {@code struct block_device}, since 6.10; and {@code GD_READ_ONLY} of {@code struct gendisk}, since 5.17. */
    private static final int BD_READ_ONLY = 1 << 8;
    private static final int GD_READ_ONLY = 1 << 1;
    /** Flags of a queue until 6.10, features of its limits since 6.11 (include/linux/blkdev.h). */
    private static final int QUEUE_FLAG_NONROT = 6;
    private static final int BLK_FEAT_ROTATIONAL = 1 << 2;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int LONGEST = 256;

    private BlockAttributes() {}

    static void enter(Map<String, DevicePrinter> table) {
        table.put("block:size", (device, path, out) -> out.unsigned(part(device).sectors()).put('\n'));
        table.put("block:ro", (device, path, out) -> out.put(isReadOnly(part(device)) ? "1\n" : "0\n"));
        table.put("block:stat", (device, path, out) -> printStatistics(device, out));
        table.put("block:partition", (device, path, out) -> out.dec(part(device).number()).put('\n'));
        table.put("block:start", (device, path, out) -> {
            KObject object = part(device).object();
            out.unsigned(object.get(object.has("bd_start_sect") ? "bd_start_sect" : "start_sect")).put('\n');
        });
        table.put("block:removable", (device, path, out) -> out.put((part(device).disk().get("flags") & GENHD_FL_REMOVABLE) != 0 ? "1\n" : "0\n"));
        table.put("block:hidden", (device, path, out) -> out.put(new Disks(device.kernel()).isHidden(part(device).disk()) ? "1\n" : "0\n"));
        table.put("block:range", (device, path, out) -> out.dec(part(device).disk().get("minors")).put('\n'));
        table.put("block:capability", (device, path, out) -> out.hex(part(device).disk().get("flags") & 0xffff_ffffL).put('\n'));
        table.put("block:diskseq", (device, path, out) -> out.unsigned(part(device).disk().get("diskseq")).put('\n'));
        table.put("block:loop/backing_file", (device, path, out) -> printBackingFile(device, out));
        table.put("block:loop/offset", (device, path, out) -> out.unsigned(loop(device).get("lo_offset")).put('\n'));
        table.put("block:loop/sizelimit", (device, path, out) -> out.unsigned(loop(device).get("lo_sizelimit")).put('\n'));
        // LO_FLAGS_AUTOCLEAR, LO_FLAGS_PARTSCAN, LO_FLAGS_DIRECT_IO.
        table.put("block:loop/autoclear", (device, path, out) -> out.put((loop(device).get("lo_flags") & 4) != 0 ? "1\n" : "0\n"));
        table.put("block:loop/partscan", (device, path, out) -> out.put((loop(device).get("lo_flags") & 8) != 0 ? "1\n" : "0\n"));
        table.put("block:loop/dio", (device, path, out) -> out.put((loop(device).get("lo_flags") & 16) != 0 ? "1\n" : "0\n"));
        table.put("block:queue/rotational", (device, path, out) -> out.put(isRotational(queue(device)) ? "1\n" : "0\n"));
        table.put("block:queue/nr_requests", (device, path, out) -> out.unsigned(queue(device).get("nr_requests")).put('\n'));
        limit(table, "logical_block_size", "logical_block_size", 1, 1);
        limit(table, "hw_sector_size", "logical_block_size", 1, 1);
        limit(table, "physical_block_size", "physical_block_size", 1, 1);
        limit(table, "minimum_io_size", "io_min", 1, 1);
        limit(table, "optimal_io_size", "io_opt", 1, 1);
        limit(table, "discard_granularity", "discard_granularity", 1, 1);
        limit(table, "discard_max_bytes", "max_discard_sectors", 512, 1);
        limit(table, "discard_max_hw_bytes", "max_hw_discard_sectors", 512, 1);
        limit(table, "write_zeroes_max_bytes", "max_write_zeroes_sectors", 512, 1);
        limit(table, "max_sectors_kb", "max_sectors", 1, 2);
        limit(table, "max_hw_sectors_kb", "max_hw_sectors", 1, 2);
        limit(table, "max_segments", "max_segments", 1, 1);
        limit(table, "max_segment_size", "max_segment_size", 1, 1);
        table.put("block:queue/read_ahead_kb", (device, path, out) -> out.unsigned(backing(device).get("ra_pages") * 4).put('\n'));
        table.put("block:queue/discard_zeroes_data", (device, path, out) -> out.put("0\n"));
        table.put("block:queue/write_same_max_bytes", (device, path, out) -> {
            boolean counts = queue(device).has("limits.max_write_same_sectors");
            out.unsigned(counts ? queue(device).get("limits.max_write_same_sectors") * 512 : 0).put('\n');
        });
    }

    /** {@code disk_uevent}, {@code block_uevent}, {@code part_uevent}. */
    static void printEvent(KObject device, ProcText out) {
        Partition part = part(device);
        if (part.disk().has("diskseq") && (part.number() == 0 || part.object().has("bd_device"))) {
            out.put("DISKSEQ=").unsigned(part.disk().get("diskseq")).put('\n');
        }
        if (part.number() != 0) {
            out.put("PARTN=").dec(part.number()).put('\n');
            KObject information = part.object().ptr(part.object().has("bd_meta_info") ? "bd_meta_info" : "info");
            String name = information.isNull() ? "" : information.string("volname", LONGEST);
            out.put(name.isEmpty() ? "" : "PARTNAME=" + name + "\n");
        }
    }

    /** {@code loop_attr_backing_file_show} (drivers/block/loop.c). */
    private static void printBackingFile(KObject device, ProcText out) {
        KObject file = loop(device).ptr("lo_backing_file");
        Path root = TaskFs.root(Tasks.byPid(device.kernel(), 1));
        if (!file.isNull() && root != null) {
            out.put(Paths.of(new OpenFile(file).path(), root)).put('\n');
        }
    }

    private static KObject loop(KObject device) {
        return part(device).disk().ptr("private_data").as("loop_device");
    }

    /** {@code part_stat_show}. */
    private static void printStatistics(KObject device, ProcText out) {
        Partition part = part(device);
        DiskStatistics statistics = new DiskStatistics(device.kernel());
        long total = printGroup(statistics, part, "STAT_READ", out) + printGroup(statistics, part, "STAT_WRITE", out);
        for (String group : new String[] {"STAT_DISCARD", "STAT_FLUSH"}) {
            total += statistics.sum(part, "nsecs", group);
        }
        long busy = statistics.busyJiffies(part, new Variables(device.kernel()).u64("jiffies_64"));
        out.unsigned(statistics.inFlight(part), 8).put(' ').unsigned(busy * 1000 / Timekeeping.hz(device.kernel()) & 0xffff_ffffL, 8);
        out.put(' ').unsigned(milliseconds(total), 8).put(' ');
        printGroup(statistics, part, "STAT_DISCARD", out);
        out.unsigned(statistics.sum(part, "ios", "STAT_FLUSH"), 8).put(' ').unsigned(milliseconds(statistics.sum(part, "nsecs", "STAT_FLUSH")), 8);
        out.put('\n');
    }

    private static long printGroup(DiskStatistics statistics, Partition part, String group, ProcText out) {
        long nanos = statistics.sum(part, "nsecs", group);
        out.unsigned(statistics.sum(part, "ios", group), 8).put(' ').unsigned(statistics.sum(part, "merges", group), 8).put(' ');
        out.unsigned(statistics.sum(part, "sectors", group), 8).put(' ').unsigned(milliseconds(nanos), 8).put(' ');
        return nanos;
    }

    private static long milliseconds(long nanos) {
        return Long.divideUnsigned(nanos, NANOS_PER_MILLI) & 0xffff_ffffL;
    }

    private static void limit(Map<String, DevicePrinter> table, String file, String member, int times, int per) {
        table.put("block:queue/" + file, (device, path, out) -> out.unsigned(queue(device).get("limits." + member) * times / per).put('\n'));
    }

    private static boolean isRotational(KObject queue) {
        if (queue.has("limits.features")) {
            return (queue.get("limits.features") & BLK_FEAT_ROTATIONAL) != 0;
        }
        return (queue.get("queue_flags") >>> QUEUE_FLAG_NONROT & 1) == 0;
    }

    /** {@code bdev_read_only}, {@code get_disk_ro}. */
    private static boolean isReadOnly(Partition part) {
        KObject object = part.object();
        if (object.has("policy")) {
            return object.get("policy") != 0;
        }
        boolean own = object.has("bd_read_only") ? object.get("bd_read_only") != 0 : (object.get("__bd_flags.counter") & BD_READ_ONLY) != 0;
        return own || part.disk().has("state") && (part.disk().get("state") & GD_READ_ONLY) != 0;
    }

    private static KObject queue(KObject device) {
        return part(device).disk().ptr("queue");
    }

    /** Moved from the queue to the disk in 5.14; in 5.10 a pointer of the queue's. */
    private static KObject backing(KObject device) {
        KObject disk = part(device).disk();
        return disk.has("bdi") ? disk.ptr("bdi") : disk.ptr("queue").ptr("backing_dev_info");
    }

    private static Partition part(KObject device) {
        return new Disks(device.kernel()).of(device);
    }
}
