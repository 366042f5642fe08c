package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Resources;
import io.scwatcher.kernel.system.Resources.Range;
import io.scwatcher.kernel.type.StructType;
import io.scwatcher.vprocfs.ProcText;

/** /proc/iomem and /proc/ioports as root reads them (kernel/resource.c, {@code r_show}), and /proc/dma. */
final class ResourceFiles {
    private static final int NAME_LIMIT = 256;
    /** {@code MAX_DMA_CHANNELS} of the ISA controllers. */
    private static final int DMA_CHANNELS = 8;

    private ResourceFiles() {}

    static void printMemory(Kernel kernel, ProcText out) {
        print(kernel.object("iomem_resource", "resource"), out);
    }

    static void printPorts(Kernel kernel, ProcText out) {
        print(kernel.object("ioport_resource", "resource"), out);
    }

    /** Deeper than {@code MAX_IORES_LEVEL} (5 up to 6.12, 8 later) nothing is indented further. */
    private static void print(KObject root, ProcText out) {
        int width = Long.compareUnsigned(root.get("end"), 0x10000) < 0 ? 4 : 8;
        int deepest = root.kernel().symbols().has("soft_reserve_resource") ? 8 : 5;
        for (Range range : new Resources(root.kernel()).below(root)) {
            KObject resource = range.resource();
            out.pad(2 * Math.min(range.depth(), deepest), ' ');
            out.hex(resource.get("start"), width).put('-').hex(resource.get("end"), width).put(" : ");
            out.put(resource.get("name") == 0 ? "<BAD>" : resource.string("name", NAME_LIMIT)).put('\n');
        }
    }

    /** kernel/dma.c, {@code proc_dma_show}. */
    static void printDma(Kernel kernel, ProcText out) {
        // DMA engines have a structure of the same name.
        StructType channel = kernel.types().findStructWith("dma_chan", "device_id");
        if (!kernel.symbols().has("dma_chan_busy") || channel == null) {
            out.put("No DMA\n");
            return;
        }
        KObject channels = new KObject(kernel, channel, kernel.address("dma_chan_busy"));
        for (int i = 0; i < DMA_CHANNELS; i++) {
            if (channels.index(i).get("lock") != 0) {
                out.dec(i, 2).put(": ").put(channels.index(i).string("device_id", NAME_LIMIT)).put('\n');
            }
        }
    }
}
