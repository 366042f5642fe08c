package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Disks.Partition;

/** The per-CPU {@code struct disk_stats} of a disk or partition: {@code part_stat_read_all} (block/genhd.c). */
public final class DiskStatistics {
    private final Kernel kernel;
    private final Variables variables;

    public DiskStatistics(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    /** The sum over all CPUs of {@code counter[group]}, such as {@code ios[STAT_READ]}. */
    public long sum(Partition part, String counter, String group) {
        return sumAt(part, counter, variables.constant(group));
    }

    /** {@code part_in_flight}: requests under way, never negative. Queues of blk-mq count here since 6.11. */
    public long inFlight(Partition part) {
        return Math.max(0, (int) (sumAt(part, "in_flight", 0) + sumAt(part, "in_flight", 1)));
    }

    /** Jiffies with requests under way, the current stretch included where there are any ({@code update_io_ticks}). */
    public long busyJiffies(Partition part, long jiffies) {
        long sum = 0;
        for (int cpu : kernel.possibleCpus()) {
            sum += of(part, cpu).get("io_ticks");
        }
        if (inFlight(part) != 0) {
            long stamp = part.object().get(part.object().has("bd_stamp") ? "bd_stamp" : "stamp");
            sum += Math.max(0, jiffies - stamp);
        }
        return sum;
    }

    private long sumAt(Partition part, String counter, long index) {
        long sum = 0;
        for (int cpu : kernel.possibleCpus()) {
            sum += of(part, cpu).at(counter).index(index).value();
        }
        return sum;
    }

    private KObject of(Partition part, int cpu) {
        return kernel.at(kernel.perCpu(part.statistics(), cpu), "disk_stats");
    }
}
