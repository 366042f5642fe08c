package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Slabs;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/slabinfo of SLUB, which has no tunables (mm/slab_common.c, {@code cache_show}). */
final class SlabInfoFile implements SystemFile {
    @Override
    public void print(Kernel kernel, ProcText out) {
        out.put("slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> <objperslab>"
                + " <pagesperslab> : tunables <limit> <batchcount> <sharedfactor>"
                + " : slabdata <active_slabs> <num_slabs> <sharedavail>\n");
        for (Slabs.Cache cache : new Slabs(kernel).all()) {
            out.left(cache.name(), 17).put(' ').unsigned(cache.activeObjects(), 6);
            out.put(' ').unsigned(cache.objects(), 6).put(' ').unsigned(cache.objectSize(), 6);
            out.put(' ').unsigned(cache.objectsPerSlab(), 4).put(' ').dec(1L << cache.order(), 4);
            out.put(" : tunables    0    0    0 : slabdata ").unsigned(cache.slabs(), 6);
            out.put(' ').unsigned(cache.slabs(), 6).put("      0\n");
        }
    }
}
