package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * All counters of /proc/vmstat in its order: zone, NUMA, node, writeback and event counters, named by the kernel's own
 * {@code vmstat_text} (mm/vmstat.c, {@code vmstat_start}).
 */
public final class VmStatistics {
    private static final int NAME_LIMIT = 64;
    private static final int MOST = 4096;
    /** Counted in pages since 5.11, and printed in huge pages ({@code vmstat_item_print_in_thp}). */
    static final List<String> HUGE = List.of(
            "NR_ANON_THPS", "NR_FILE_THPS", "NR_SHMEM_THPS", "NR_SHMEM_PMDMAPPED", "NR_FILE_PMDMAPPED");

    private final Kernel kernel;
    private final Variables variables;
    private final MemoryCounters counters;

    public VmStatistics(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
        this.counters = new MemoryCounters(kernel);
    }

    /** A counter and its name. */
    public record Counter(String name, long value) {}

    public List<Counter> all() {
        List<Long> values = new ArrayList<>();
        addArray("vm_zone_stat", "NR_VM_ZONE_STAT_ITEMS", values);
        addNuma(values);
        addNode(values);
        addWriteback(values);
        addEvents(values);
        List<Counter> named = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            named.add(new Counter(name(i), values.get(i)));
        }
        return named;
    }

    /** {@code vmstat_text[index]}. */
    public String name(int index) {
        return kernel.memory().string(variables.u64At("vmstat_text", index), NAME_LIMIT);
    }

    /** The number of constants that an enumeration ends with. */
    public int count(String end) {
        return (int) Math.min(MOST, variables.constant(end));
    }

    private void addArray(String array, String end, List<Long> values) {
        for (int i = 0; i < count(end); i++) {
            values.add(counters.counter(array, i));
        }
    }

    /** Events since 5.14, which a reader first folds from the zones' CPUs; statistics before. */
    private void addNuma(List<Long> values) {
        if (variables.has("vm_numa_event")) {
            for (int i = 0; i < count("NR_VM_NUMA_EVENT_ITEMS"); i++) {
                values.add(variables.u64At("vm_numa_event", i) + unfoldedNuma(i));
            }
        } else if (variables.has("vm_numa_stat")) {
            for (int i = 0; i < count("NR_VM_NUMA_STAT_ITEMS"); i++) {
                values.add(variables.u64At("vm_numa_stat", i));
            }
        }
    }

    private long unfoldedNuma(int event) {
        long sum = 0;
        for (KObject zone : new MemoryNodes(kernel).zones()) {
            if (MemoryNodes.isPopulated(zone)) {
                for (int cpu : kernel.onlineCpus()) {
                    long part = kernel.perCpu(zone.get("per_cpu_zonestats"), cpu);
                    sum += kernel.at(part, "per_cpu_zonestat").at("vm_numa_event").index(event).value();
                }
            }
        }
        return sum;
    }

    private void addNode(List<Long> values) {
        int first = values.size();
        addArray("vm_node_stat", "NR_VM_NODE_STAT_ITEMS", values);
        String pageTables = kernel.types().enumeratorName("node_stat_item", variables.constant("NR_PAGETABLE"));
        if ("NR_PAGETABLE".equals(pageTables)) {
            for (String item : HUGE) {
                int index = first + (int) variables.constant(item);
                values.set(index, values.get(index) / HugePages.PMD_PAGES);
            }
        }
    }

    private void addWriteback(List<Long> values) {
        DirtyLimits limits = DirtyLimits.of(kernel);
        String end = variables.hasConstant("NR_VM_STAT_ITEMS") ? "NR_VM_STAT_ITEMS" : "NR_VM_WRITEBACK_STAT_ITEMS";
        for (int i = 0; i < count(end); i++) {
            values.add(i == variables.constant("NR_DIRTY_THRESHOLD") ? limits.threshold()
                    : i == variables.constant("NR_DIRTY_BG_THRESHOLD") ? limits.background()
                    : i == variables.constant("NR_MEMMAP_PAGES", -1) ? variables.u64("nr_memmap_pages")
                    : i == variables.constant("NR_MEMMAP_BOOT_PAGES", -1) ? variables.u64("nr_memmap_boot_pages") : 0);
        }
    }

    /** {@code all_vm_events}: over the online CPUs, two of them from sectors to kilobytes. */
    private void addEvents(List<Long> values) {
        if (!variables.has("vm_event_states")) {
            return;
        }
        Set<Long> inSectors = Set.of(variables.constant("PGPGIN"), variables.constant("PGPGOUT"));
        for (int i = 0; i < count("NR_VM_EVENT_ITEMS"); i++) {
            long sum = 0;
            for (int cpu : kernel.onlineCpus()) {
                sum += variables.perCpu("vm_event_states", "vm_event_state", cpu).at("event").index(i).value();
            }
            values.add(inSectors.contains((long) i) ? sum >>> 1 : sum);
        }
    }
}
