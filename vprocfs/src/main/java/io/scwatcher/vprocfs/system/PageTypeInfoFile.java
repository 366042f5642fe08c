package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.MemoryNodes;
import io.scwatcher.kernel.system.PageBlocks;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;
import java.util.List;

/** /proc/pagetypeinfo (mm/vmstat.c, {@code pagetypeinfo_show}). */
final class PageTypeInfoFile implements SystemFile {
    private static final int NAME_LIMIT = 32;
    private static final long OVERFLOW = 100_000;

    @Override
    public void print(Kernel kernel, ProcText out) {
        MemoryNodes nodes = new MemoryNodes(kernel);
        PageBlocks blocks = new PageBlocks(kernel);
        for (KObject node : nodes.online()) {
            List<KObject> zones = nodes.zones(node).stream().filter(MemoryNodes::isPopulated).toList();
            if (!zones.isEmpty()) {
                out.put("Page block order: ").dec(blocks.order());
                out.put("\nPages per block:  ").dec(1L << blocks.order()).put("\n\n");
                printFree(node, zones, blocks, out);
                printBlocks(node, zones, blocks, out);
            }
        }
    }

    private static void printFree(KObject node, List<KObject> zones, PageBlocks blocks, ProcText out) {
        CType areas = zones.getFirst().at("free_area").type();
        int orders = areas instanceof CType.Array array ? Math.min(64, array.length()) : 0;
        out.left("Free pages count per migrate type at order ", 43).put(' ');
        for (int order = 0; order < orders; order++) {
            out.dec(order, 6).put(' ');
        }
        out.put('\n');
        for (KObject zone : zones) {
            for (int type = 0; type < blocks.types(); type++) {
                out.put("Node ").dec(node.getInt("node_id"), 4).put(", zone ").right(name(zone), 8);
                out.put(", type ").right(blocks.name(type), 12).put(' ');
                for (int order = 0; order < orders; order++) {
                    long free = blocks.free(zone, order, type);
                    out.put(free >= OVERFLOW ? ">" : "").unsigned(free, 6).put(' ');
                }
                out.put('\n');
            }
        }
    }

    private static void printBlocks(KObject node, List<KObject> zones, PageBlocks blocks, ProcText out) {
        out.put('\n').left("Number of blocks type ", 23);
        for (int type = 0; type < blocks.types(); type++) {
            out.right(blocks.name(type), 12).put(' ');
        }
        out.put('\n');
        for (KObject zone : zones) {
            out.put("Node ").dec(node.getInt("node_id")).put(", zone ").right(name(zone), 8).put(' ');
            for (long count : blocks.blocks(zone)) {
                out.unsigned(count, 12).put(' ');
            }
            out.put('\n');
        }
    }

    private static String name(KObject zone) {
        return zone.string("name", NAME_LIMIT);
    }
}
