package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.MemoryNodes;
import io.scwatcher.kernel.system.PointerHash;
import io.scwatcher.kernel.system.SymbolNames;
import io.scwatcher.kernel.system.VirtualAreas;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;
import java.util.List;

/** /proc/vmallocinfo (mm/vmalloc.c, {@code s_show}; since 6.12 {@code vmalloc_info_show}). */
final class VmallocInfoFile implements SystemFile {
    private static final int VM_UNINITIALIZED = 0x20;
    private static final int VMAP_RAM = 1;
    private static final int VM_SPARSE = 0x1000;
    private static final int[] FLAGS = {0x1, VM_SPARSE, 0x2, 0x4, 0x8, 0x10};
    private static final String[] NAMES = {" ioremap", " sparse", " vmalloc", " vmap", " user", " dma-coherent"};
    private static final long MOST_PAGES = 1 << 24;

    @Override
    public void print(Kernel kernel, ProcText out) {
        VirtualAreas areas = new VirtualAreas(kernel);
        PointerHash pointers = new PointerHash(kernel);
        SymbolNames symbols = new SymbolNames(kernel);
        List<KObject> nodes = new MemoryNodes(kernel).online();
        for (KObject area : areas.busy()) {
            KObject mapping = area.ptr("vm");
            if (!mapping.isNull()) {
                boolean isReady = (mapping.get("flags") & VM_UNINITIALIZED) == 0;
                if (isReady || !areas.isSplit()) {
                    print(mapping, areas, pointers, symbols, nodes, out);
                }
            } else if (!areas.isSplit() || (area.get("flags") & VMAP_RAM) != 0) {
                printRange(area, pointers, " vm_map_ram\n", out);
            }
        }
        for (KObject area : areas.lazy()) {
            printRange(area, pointers, " unpurged vm_area\n", out);
        }
    }

    private static void print(KObject mapping, VirtualAreas areas, PointerHash pointers, SymbolNames symbols,
                              List<KObject> nodes, ProcText out) {
        long start = mapping.get("addr");
        long size = mapping.get("size");
        out.put("0x").put(pointers.restricted(start)).put("-0x").put(pointers.restricted(start + size));
        out.put(' ').dec(size, 7);
        if (mapping.get("caller") != 0) {
            out.put(' ').put(symbols.describe(mapping.get("caller")));
        }
        if (mapping.get("nr_pages") != 0) {
            out.put(" pages=").dec(mapping.get("nr_pages"));
        }
        if (mapping.get("phys_addr") != 0) {
            out.put(" phys=0x").hex(mapping.get("phys_addr"), 16);
        }
        long flags = mapping.get("flags");
        for (int i = 0; i < FLAGS.length; i++) {
            if ((flags & FLAGS[i]) != 0 && (FLAGS[i] != VM_SPARSE || areas.isSplit())) {
                out.put(NAMES[i]);
            }
        }
        if (areas.contains(mapping.get("pages"))) {
            out.put(" vpages");
        }
        if ((flags & VM_UNINITIALIZED) == 0 && mapping.kernel().symbols().has("node_data")) {
            printNodes(mapping, nodes, out);
        }
        out.put('\n');
    }

    /** {@code show_numa_info}: how many pages lie on each node. */
    private static void printNodes(KObject mapping, List<KObject> nodes, ProcText out) {
        Kernel kernel = mapping.kernel();
        long pages = Math.min(MOST_PAGES, mapping.get("nr_pages"));
        int step = 1 << (mapping.getOr("page_order", 0) & 31);
        long[] counts = new long[nodes.size()];
        if (nodes.size() == 1) {
            counts[0] = (pages + step - 1) / step * step;
        } else {
            for (long i = 0; i < pages; i += step) {
                counts[node(kernel, mapping.get("pages") + i * Long.BYTES, nodes)] += step;
            }
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                out.put(" N").dec(nodes.get(i).getInt("node_id")).put('=').dec(counts[i]);
            }
        }
    }

    /** The index of the node whose frames contain the page; 0 where none does. */
    private static int node(Kernel kernel, long pagePointer, List<KObject> nodes) {
        long frame = kernel.pageToPhysical(kernel.memory().u64(pagePointer)) >>> 12;
        for (int i = 0; i < nodes.size(); i++) {
            long first = nodes.get(i).get("node_start_pfn");
            if (frame >= first && frame < first + nodes.get(i).get("node_spanned_pages")) {
                return i;
            }
        }
        return 0;
    }

    private static void printRange(KObject area, PointerHash pointers, String text, ProcText out) {
        long start = area.get("va_start");
        long end = area.get("va_end");
        out.put("0x").put(pointers.restricted(start)).put("-0x").put(pointers.restricted(end)).put(' ');
        out.dec(end - start, 7).put(text);
    }
}
