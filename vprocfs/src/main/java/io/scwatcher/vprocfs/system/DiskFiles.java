package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.DiskStatistics;
import io.scwatcher.kernel.system.Disks;
import io.scwatcher.kernel.system.Disks.Partition;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;

/** /proc/partitions and /proc/diskstats (block/genhd.c, {@code show_partition} and {@code diskstats_show}). */
final class DiskFiles {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private DiskFiles() {}

    static void printPartitions(Kernel kernel, ProcText out) {
        Disks disks = new Disks(kernel);
        List<KObject> all = disks.all();
        if (!all.isEmpty()) {
            out.put("major minor  #blocks  name\n\n");
        }
        for (KObject disk : all) {
            List<Partition> parts = disks.parts(disk);
            if (parts.isEmpty() || parts.getFirst().sectors() == 0 || disks.isHidden(disk)) {
                continue;
            }
            for (Partition part : parts) {
                out.dec(part.major(), 4).put("  ").dec(part.minor(), 7).put(' ');
                out.unsigned(part.sectors() >>> 1, 10).put(' ').put(part.name()).put('\n');
            }
        }
    }

    static void printStatistics(Kernel kernel, ProcText out) {
        Disks disks = new Disks(kernel);
        DiskStatistics statistics = new DiskStatistics(kernel);
        long jiffies = new Variables(kernel).u64("jiffies_64");
        int hz = Timekeeping.hz(kernel);
        for (KObject disk : disks.all()) {
            for (Partition part : disks.parts(disk)) {
                out.dec(part.major(), 4).put(' ').dec(part.minor(), 7).put(' ').put(part.name());
                printGroup(statistics, part, "STAT_READ", out);
                printGroup(statistics, part, "STAT_WRITE", out);
                long total = 0;
                for (String group : List.of("STAT_READ", "STAT_WRITE", "STAT_DISCARD", "STAT_FLUSH")) {
                    total += statistics.sum(part, "nsecs", group);
                }
                out.put(' ').unsigned(statistics.inFlight(part));
                out.put(' ').unsigned(statistics.busyJiffies(part, jiffies) * 1000 / hz & 0xffff_ffffL);
                out.put(' ').unsigned(milliseconds(total));
                printGroup(statistics, part, "STAT_DISCARD", out);
                out.put(' ').unsigned(statistics.sum(part, "ios", "STAT_FLUSH"));
                out.put(' ').unsigned(milliseconds(statistics.sum(part, "nsecs", "STAT_FLUSH"))).put('\n');
            }
        }
    }

    private static void printGroup(DiskStatistics statistics, Partition part, String group, ProcText out) {
        out.put(' ').unsigned(statistics.sum(part, "ios", group));
        out.put(' ').unsigned(statistics.sum(part, "merges", group));
        out.put(' ').unsigned(statistics.sum(part, "sectors", group));
        out.put(' ').unsigned(milliseconds(statistics.sum(part, "nsecs", group)));
    }

    /** An {@code unsigned int}, as the kernel cuts it. */
    private static long milliseconds(long nanos) {
        return Long.divideUnsigned(nanos, NANOS_PER_MILLI) & 0xffff_ffffL;
    }
}
