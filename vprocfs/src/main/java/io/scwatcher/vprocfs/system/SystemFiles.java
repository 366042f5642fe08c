package io.scwatcher.vprocfs.system;

import io.scwatcher.vprocfs.SystemFile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The table of the files about the system as a whole: one line for each. */
public final class SystemFiles {
    private static final Map<String, Entry> TABLE = Collections.unmodifiableMap(new Builder()
            .add("cgroups", 0444, new CgroupsFile())
            .add("cmdline", 0444, new CommandLineFile())
            .add("consoles", 0444, DeviceFiles::printConsoles)
            .add("cpuinfo", 0444, new CpuInfoFile())
            .add("devices", 0444, DeviceFiles::printMajors)
            .add("diskstats", 0444, DiskFiles::printStatistics)
            .add("filesystems", 0444, new FileSystemsFile())
            .add("interrupts", 0444, new InterruptsFile())
            .add("kallsyms", 0444, new KallsymsFile())
            .add("loadavg", 0444, new LoadAverageFile())
            .add("locks", 0444, new LocksFile())
            .add("meminfo", 0444, new MemInfoFile())
            .add("misc", 0444, DeviceFiles::printMisc)
            .add("modules", 0444, new ModulesFile())
            .add("partitions", 0444, DiskFiles::printPartitions)
            .add("softirqs", 0444, new SoftIrqsFile())
            .add("stat", 0444, new StatFile())
            .add("swaps", 0444, new SwapsFile())
            .add("sysvipc/msg", 0444, SysvIpcFiles::printQueues)
            .add("sysvipc/sem", 0444, SysvIpcFiles::printSemaphores)
            .add("sysvipc/shm", 0444, SysvIpcFiles::printSegments)
            .add("tty/drivers", 0444, new TtyDriversFile())
            .add("uptime", 0444, new UptimeFile())
            .add("version", 0444, new VersionFile())
            .add("vmstat", 0444, new VmStatFile())
            .entries);

    private SystemFiles() {}

    /**
     * A file.
     *
     * @param mode the permissions that the kernel gives it
     */
    public record Entry(int mode, SystemFile file) {}

    /** All files by path below /proc ({@code tty/drivers}), in the order of the table. */
    public static Map<String, Entry> table() {
        return TABLE;
    }

    private static final class Builder {
        private final Map<String, Entry> entries = new LinkedHashMap<>();

        Builder add(String path, int mode, SystemFile file) {
            entries.put(path, new Entry(mode, file));
            return this;
        }
    }
}
