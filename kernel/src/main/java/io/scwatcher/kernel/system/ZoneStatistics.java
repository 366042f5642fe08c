package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.VmStatistics.Counter;
import java.util.ArrayList;
import java.util.List;

/** The counters of one node or zone, named as in /proc/vmstat (mm/vmstat.c, {@code zoneinfo_show_print}). */
public final class ZoneStatistics {
    /** {@code MAX_RECLAIM_RETRIES}, mm/internal.h. */
    private static final int MAX_RECLAIM_RETRIES = 16;

    private final Kernel kernel;
    private final Variables variables;
    private final VmStatistics names;
    private final int zoneItems;
    private final int numaItems;
    private final boolean countsHugePagesInPages;

    public ZoneStatistics(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
        this.names = new VmStatistics(kernel);
        this.zoneItems = names.count("NR_VM_ZONE_STAT_ITEMS");
        boolean hasNuma = variables.has("vm_numa_event") || variables.has("vm_numa_stat");
        this.numaItems = !hasNuma ? 0 : names.count(variables.hasConstant("NR_VM_NUMA_EVENT_ITEMS")
                ? "NR_VM_NUMA_EVENT_ITEMS" : "NR_VM_NUMA_STAT_ITEMS");
        this.countsHugePagesInPages = "NR_PAGETABLE".equals(
                kernel.types().enumeratorName("node_stat_item", variables.constant("NR_PAGETABLE")));
    }

    /** {@code node_page_state_pages} of all items. */
    public List<Counter> ofNode(KObject node) {
        List<Counter> counters = new ArrayList<>();
        for (int i = 0; i < names.count("NR_VM_NODE_STAT_ITEMS"); i++) {
            long value = Math.max(0, node.at("vm_stat").index(i).value());
            boolean isHuge = countsHugePagesInPages && VmStatistics.HUGE.contains(
                    kernel.types().enumeratorName("node_stat_item", i));
            counters.add(new Counter(names.name(zoneItems + numaItems + i),
                    isHuge ? value / HugePages.PMD_PAGES : value));
        }
        return counters;
    }

    /** {@code zone_page_state} of all items, then the NUMA counters with what the CPUs have not folded in yet. */
    public List<Counter> ofZone(KObject zone) {
        List<Counter> counters = new ArrayList<>();
        for (int i = 0; i < zoneItems; i++) {
            counters.add(new Counter(names.name(i), Math.max(0, zone.at("vm_stat").index(i).value())));
        }
        for (int i = 0; i < numaItems; i++) {
            String array = zone.has("vm_numa_event") ? "vm_numa_event" : "vm_numa_stat";
            long value = zone.at(array).index(i).value();
            for (int cpu : kernel.onlineCpus()) {
                value += unfolded(zone, cpu, i);
            }
            counters.add(new Counter(names.name(zoneItems + i), value));
        }
        return counters;
    }

    public long freePages(KObject zone) {
        return Math.max(0, zone.at("vm_stat").index(variables.constant("NR_FREE_PAGES")).value());
    }

    /** {@code wmark_pages}: a watermark with the boost on top. */
    public long watermark(KObject zone, String mark) {
        return zone.at("_watermark").index(variables.constant(mark)).value() + zone.getOr("watermark_boost", 0);
    }

    /** CPU {@code cpu}'s {@code struct per_cpu_pages}. */
    public KObject pageSet(KObject zone, int cpu) {
        if (zone.has("per_cpu_pageset")) {
            return kernel.at(kernel.perCpu(zone.get("per_cpu_pageset"), cpu), "per_cpu_pages");
        }
        return kernel.at(kernel.perCpu(zone.get("pageset"), cpu), "per_cpu_pageset").at("pcp");
    }

    public long threshold(KObject zone, int cpu) {
        return zone.has("per_cpu_zonestats")
                ? kernel.at(kernel.perCpu(zone.get("per_cpu_zonestats"), cpu), "per_cpu_zonestat").get("stat_threshold")
                : kernel.at(kernel.perCpu(zone.get("pageset"), cpu), "per_cpu_pageset").get("stat_threshold");
    }

    /** Whether reclaim has given up on the node. */
    public static boolean isHopeless(KObject node) {
        return node.getInt("kswapd_failures") >= MAX_RECLAIM_RETRIES;
    }

    private long unfolded(KObject zone, int cpu, int item) {
        if (zone.has("per_cpu_zonestats")) {
            long part = kernel.perCpu(zone.get("per_cpu_zonestats"), cpu);
            return kernel.at(part, "per_cpu_zonestat").at("vm_numa_event").index(item).value();
        }
        long part = kernel.perCpu(zone.get("pageset"), cpu);
        return kernel.at(part, "per_cpu_pageset").at("vm_numa_stat_diff").index(item).value();
    }
}
