package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.CType;
import java.util.ArrayList;
import java.util.List;

/** Memory nodes and their zones: {@code for_each_online_pgdat}, {@code for_each_zone} (include/linux/mmzone.h). */
public final class MemoryNodes {
    /** {@code 1 << NODES_SHIFT} is at most 1024 on any architecture. */
    private static final int MAX_NODES = 1024;

    private final Kernel kernel;
    private final Variables variables;
    private final List<KObject> online;

    public MemoryNodes(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
        this.online = find();
    }

    /** The online nodes ({@code struct pglist_data}), ascending. */
    public List<KObject> online() {
        return online;
    }

    /** {@code nr_node_ids}: how many nodes there can be. */
    public int possible() {
        return variables.has("nr_node_ids") ? Math.clamp(variables.s32("nr_node_ids"), 1, MAX_NODES) : 1;
    }

    /** All zones of a node, empty ones too, in the order of {@code enum zone_type}. */
    public List<KObject> zones(KObject node) {
        KObject zones = node.at("node_zones");
        int count = zones.type() instanceof CType.Array array ? array.length() : 0;
        List<KObject> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(zones.index(i));
        }
        return all;
    }

    /** {@code for_each_zone}. */
    public List<KObject> zones() {
        return online.stream().flatMap(node -> zones(node).stream()).toList();
    }

    /** {@code populated_zone}. */
    public static boolean isPopulated(KObject zone) {
        return zone.get("present_pages") != 0;
    }

    private List<KObject> find() {
        if (!variables.has("node_data")) {
            return List.of(kernel.object("contig_page_data", "pglist_data"));
        }
        long states = kernel.address("node_states");
        int bytes = variables.sizeOf("nodemask_t");
        long mask = states + variables.constant("N_ONLINE") * bytes;
        List<KObject> found = new ArrayList<>();
        for (int node = 0; node < Math.min(bytes * 8, MAX_NODES); node++) {
            boolean isOnline = (kernel.memory().u8(mask + node / 8) >> node % 8 & 1) != 0;
            long address = isOnline ? variables.u64At("node_data", node) : 0;
            if (address != 0) {
                found.add(kernel.at(address, "pglist_data"));
            }
        }
        return List.copyOf(found);
    }
}
