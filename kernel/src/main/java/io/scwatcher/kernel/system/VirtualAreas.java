package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/**
 * The areas of the kernel's own virtual address space (mm/vmalloc.c): one list up to 6.8, lists of several
 * {@code struct vmap_node} since 6.9.
 */
public final class VirtualAreas {
    private static final int MOST_NODES = 1024;

    private final Kernel kernel;
    private final Variables variables;

    public VirtualAreas(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    /** {@code struct vmap_area} in use, in the order of /proc/vmallocinfo. */
    public List<KObject> busy() {
        return isSplit() ? ofNodes("busy") : of(kernel.object("vmap_area_list", "list_head"));
    }

    /** Those that were freed and still wait to be unmapped. */
    public List<KObject> lazy() {
        if (isSplit()) {
            return ofNodes("lazy");
        }
        if (variables.has("purge_vmap_area_list")) {
            return of(kernel.object("purge_vmap_area_list", "list_head"));
        }
        List<KObject> areas = new ArrayList<>();
        Lists.llist(kernel.object("vmap_purge_list", "llist_head"), "vmap_area", "purge_list").forEach(areas::add);
        return areas;
    }

    /** Whether areas are kept by several nodes, which since then are told from {@code vm_map_ram} by a flag. */
    public boolean isSplit() {
        return variables.has("vmap_nodes");
    }

    /** {@code is_vmalloc_addr}. */
    public boolean contains(long address) {
        long start = variables.u64("vmalloc_base", 0);
        return start != 0 && Long.compareUnsigned(address - start, DirectMap.vmallocBytes(kernel)) < 0;
    }

    private List<KObject> ofNodes(String list) {
        List<KObject> areas = new ArrayList<>();
        KObject nodes = variables.pointee("vmap_nodes", "vmap_node");
        long count = Math.min(MOST_NODES, variables.u32("nr_vmap_nodes"));
        for (long i = 0; i < count; i++) {
            areas.addAll(of(nodes.index(i).at(list + ".head")));
        }
        return areas;
    }

    private static List<KObject> of(KObject head) {
        List<KObject> areas = new ArrayList<>();
        Lists.list(head, "vmap_area", "list").forEach(areas::add);
        return areas;
    }
}
