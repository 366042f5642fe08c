package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.MemoryNodes;
import io.scwatcher.kernel.system.VmStatistics;
import io.scwatcher.kernel.system.ZoneStatistics;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;

/** /proc/buddyinfo and /proc/zoneinfo (mm/vmstat.c). */
final class ZoneFiles {
    private static final int NAME_LIMIT = 32;
    private static final List<String> PAGE_SET = List.of("count", "high", "batch");
    private static final List<String> LONGER_PAGE_SET = List.of("count", "high", "batch", "high_min", "high_max");

    private ZoneFiles() {}

    /** {@code frag_show_print}: free blocks by order. */
    static void printBuddies(Kernel kernel, ProcText out) {
        MemoryNodes nodes = new MemoryNodes(kernel);
        for (KObject node : nodes.online()) {
            for (KObject zone : nodes.zones(node)) {
                if (MemoryNodes.isPopulated(zone)) {
                    printHead(node, zone, out);
                    out.put(' ');
                    int orders = length(zone.at("free_area"));
                    for (int order = 0; order < orders; order++) {
                        out.unsigned(zone.at("free_area").index(order).get("nr_free"), 6).put(' ');
                    }
                    out.put('\n');
                }
            }
        }
    }

    /** {@code zoneinfo_show_print}. */
    static void printZones(Kernel kernel, ProcText out) {
        MemoryNodes nodes = new MemoryNodes(kernel);
        ZoneStatistics statistics = new ZoneStatistics(kernel);
        for (KObject node : nodes.online()) {
            boolean isFirst = true;
            for (KObject zone : nodes.zones(node)) {
                printHead(node, zone, out);
                if (isFirst && MemoryNodes.isPopulated(zone)) {
                    out.put("\n  per-node stats");
                    statistics.ofNode(node).forEach(each -> printCounter(each, out));
                    isFirst = false;
                }
                printPages(statistics, zone, out);
                if (MemoryNodes.isPopulated(zone)) {
                    statistics.ofZone(zone).forEach(each -> printCounter(each, out));
                    printPageSets(kernel, statistics, zone, out);
                    printEnd(node, zone, out);
                }
                out.put('\n');
            }
        }
    }

    private static void printHead(KObject node, KObject zone, ProcText out) {
        out.put("Node ").dec(node.getInt("node_id")).put(", zone ").right(zone.string("name", NAME_LIMIT), 8);
    }

    private static void printCounter(VmStatistics.Counter counter, ProcText out) {
        out.put("\n      ").left(counter.name(), 12).put(' ').unsigned(counter.value());
    }

    /** The lines came one by one: boost with 5.14, cma with 5.11, promo with 6.2. */
    private static void printPages(ZoneStatistics statistics, KObject zone, ProcText out) {
        out.put("\n  pages free     ").unsigned(statistics.freePages(zone));
        if (zone.has("per_cpu_zonestats")) {
            out.put("\n        boost    ").unsigned(zone.get("watermark_boost"));
        }
        out.put("\n        min      ").unsigned(statistics.watermark(zone, "WMARK_MIN"));
        out.put("\n        low      ").unsigned(statistics.watermark(zone, "WMARK_LOW"));
        out.put("\n        high     ").unsigned(statistics.watermark(zone, "WMARK_HIGH"));
        if (shows(zone.kernel(), "\n        promo    ")) {
            out.put("\n        promo    ").unsigned(statistics.watermark(zone, "WMARK_PROMO"));
        }
        out.put("\n        spanned  ").unsigned(zone.get("spanned_pages"));
        out.put("\n        present  ").unsigned(zone.get("present_pages"));
        out.put("\n        managed  ").unsigned(zone.get("managed_pages"));
        if (zone.has("per_cpu_zonestats")) {
            out.put("\n        cma      ").unsigned(zone.getOr("cma_pages", 0));
        }
        KObject reserves = zone.at("lowmem_reserve");
        out.put("\n        protection: (").dec(reserves.index(0).value());
        for (int i = 1; i < length(reserves); i++) {
            out.put(", ").dec(reserves.index(i).value());
        }
        out.put(')');
    }

    private static void printPageSets(Kernel kernel, ZoneStatistics statistics, KObject zone, ProcText out) {
        out.put("\n  pagesets");
        for (int cpu : kernel.onlineCpus()) {
            out.put("\n    cpu: ").dec(cpu);
            KObject set = statistics.pageSet(zone, cpu);
            boolean isLong = shows(kernel, "high_min:");
            for (String member : isLong ? LONGER_PAGE_SET : PAGE_SET) {
                out.put("\n              ").left(member + ":", isLong ? 9 : 6).put(' ').dec(set.getInt(member));
            }
            out.put("\n  vm stats threshold: ").dec(statistics.threshold(zone, cpu));
        }
    }

    private static void printEnd(KObject node, KObject zone, ProcText out) {
        out.put("\n  node_unreclaimable:  ").unsigned(ZoneStatistics.isHopeless(node) ? 1 : 0);
        out.put("\n  start_pfn:           ").unsigned(zone.get("zone_start_pfn"));
        if (shows(zone.kernel(), "\n  reserved_highatomic: ")) {
            out.put("\n  reserved_highatomic: ").unsigned(zone.get("nr_reserved_highatomic"));
        }
        if (shows(zone.kernel(), "\n  free_highatomic:     ")) {
            out.put("\n  free_highatomic:     ").unsigned(zone.get("nr_free_highatomic"));
        }
    }

    /** Values come to be told later than they come to be kept. */
    private static boolean shows(Kernel kernel, String title) {
        return KernelTraits.hasText(kernel, title, "zoneinfo_show_print");
    }

    private static int length(KObject array) {
        return array.type() instanceof CType.Array type ? Math.min(type.length(), 64) : 0;
    }
}
