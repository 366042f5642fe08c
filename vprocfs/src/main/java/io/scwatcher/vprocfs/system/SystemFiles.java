package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of the files about the system as a whole: one line for each. */
public final class SystemFiles {
    private static final Pattern IRQ = Pattern.compile("irq/(\\d{1,9})/(\\w+)");
    private static final Pattern FILE_SYSTEM = Pattern.compile("fs/(\\w+)/([^/]+)/(\\w+)");

    private static final Map<String, Entry> TABLE = Collections.unmodifiableMap(new Builder()
            .add("acpi/wakeup", 0644, new AcpiWakeupFile())
            .add("buddyinfo", 0444, ZoneFiles::printBuddies)
            .add("bus/input/devices", 0444, InputFiles::printDevices)
            .add("bus/input/handlers", 0444, InputFiles::printHandlers)
            .add("bus/pci/devices", 0444, BusFiles::printPciDevices)
            .add("cgroups", 0444, new CgroupsFile())
            .add("cmdline", 0444, new CommandLineFile())
            .add("consoles", 0444, DeviceFiles::printConsoles)
            .add("cpuinfo", 0444, new CpuInfoFile())
            .add("crypto", 0444, new CryptoFile())
            .add("devices", 0444, DeviceFiles::printMajors)
            .add("diskstats", 0444, DiskFiles::printStatistics)
            .add("dma", 0444, ResourceFiles::printDma)
            .add("dynamic_debug/control", 0644, new DynamicDebugFile())
            .add("execdomains", 0444, (kernel, out) -> out.put("0-0\tLinux           \t[kernel]\n"))
            .add("fb", 0444, DeviceFiles::printFrameBuffers)
            .add("filesystems", 0444, new FileSystemsFile())
            .add("interrupts", 0444, new InterruptsFile())
            .add("iomem", 0400, ResourceFiles::printMemory)
            .add("ioports", 0400, ResourceFiles::printPorts)
            .add("irq/default_smp_affinity", 0644, IrqFiles::printDefaultAffinity)
            .add("kallsyms", 0444, new KallsymsFile())
            .add("key-users", 0444, KeyFiles::printUsers)
            .add("keys", 0444, KeyFiles::printKeys)
            .add("loadavg", 0444, new LoadAverageFile())
            .add("locks", 0444, new LocksFile())
            .add("meminfo", 0444, new MemInfoFile())
            .add("misc", 0444, DeviceFiles::printMisc)
            .add("modules", 0444, new ModulesFile())
            .add("mtrr", 0644, new MtrrFile())
            .add("pagetypeinfo", 0400, new PageTypeInfoFile())
            .add("partitions", 0444, DiskFiles::printPartitions)
            .add("pressure/cpu", 0444, PressureFiles.of("PSI_CPU"))
            .add("pressure/io", 0444, PressureFiles.of("PSI_IO"))
            .add("pressure/irq", 0444, PressureFiles.of("PSI_IRQ"))
            .add("pressure/memory", 0444, PressureFiles.of("PSI_MEM"))
            .add("schedstat", 0444, new SchedStatFile())
            .add("slabinfo", 0400, new SlabInfoFile())
            .add("softirqs", 0444, new SoftIrqsFile())
            .add("stat", 0444, new StatFile())
            .add("swaps", 0444, new SwapsFile())
            .add("sysrq-trigger", 0200, SystemFiles::onlyWritten)
            .add("sysvipc/msg", 0444, SysvIpcFiles::printQueues)
            .add("sysvipc/sem", 0444, SysvIpcFiles::printSemaphores)
            .add("sysvipc/shm", 0444, SysvIpcFiles::printSegments)
            .add("timer_list", 0400, new TimerListFile())
            .add("tty/drivers", 0444, new TtyDriversFile())
            .add("tty/ldiscs", 0444, DeviceFiles::printLineDisciplines)
            .add("uptime", 0444, new UptimeFile())
            .add("version", 0444, new VersionFile())
            .add("vmallocinfo", 0400, new VmallocInfoFile())
            .add("vmstat", 0444, new VmStatFile())
            .add("zoneinfo", 0444, ZoneFiles::printZones)
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

    /** The file of that path: from the table, or of a family whose paths contain numbers; null if there is none. */
    public static SystemFile find(String path) {
        Entry entry = TABLE.get(path);
        if (entry != null) {
            return entry.file();
        }
        Matcher irq = IRQ.matcher(path);
        if (irq.matches()) {
            return IrqFiles.find(Long.parseLong(irq.group(1)), irq.group(2));
        }
        Matcher mounted = FILE_SYSTEM.matcher(path);
        return mounted.matches() ? FileSystemFiles.find(mounted.group(1), mounted.group(2), mounted.group(3)) : null;
    }

    /** {@code proc_reg_read} of an entry that cannot be read. */
    private static void onlyWritten(Kernel kernel, ProcText out) {
        throw new VfsException(Errno.EIO);
    }

    private static final class Builder {
        private final Map<String, Entry> entries = new LinkedHashMap<>();

        Builder add(String path, int mode, SystemFile file) {
            entries.put(path, new Entry(mode, file));
            return this;
        }
    }
}
