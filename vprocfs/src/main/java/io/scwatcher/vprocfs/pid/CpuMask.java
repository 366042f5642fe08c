package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.ProcText;

/**
 * The part of /proc/PID/status about processors and memory nodes: {@code task_cpus_allowed},
 * {@code cpuset_task_status_allowed}, which since 7.3 prints the bits of possible nodes only.
 */
final class CpuMask {
    /** More processors and nodes than can be configured. */
    private static final int MOST_WORDS = 1024;

    private CpuMask() {}

    static void print(Task task, ProcText out) {
        Kernel kernel = task.kernel();
        KObject object = task.object();
        long[] cpus = words(object.has("cpus_mask") ? object.at("cpus_mask") : object.at("cpus_allowed"));
        int cpuBits = cpuBits(kernel, cpus.length * Long.SIZE);
        out.put("Cpus_allowed:\t").put(Bitmaps.hex(cpus, cpuBits));
        out.put("\nCpus_allowed_list:\t").put(Bitmaps.list(cpus, cpuBits)).put('\n');
        if (object.has("mems_allowed")) {
            long[] nodes = words(object.at("mems_allowed"));
            int nodeBits = nodeBits(kernel, nodes.length * Long.SIZE);
            int shown = KernelTraits.usesVariable(kernel, "cpuset_task_status_allowed", "nr_node_ids")
                    ? Math.clamp(kernel.memory().u32(kernel.address("nr_node_ids")), 1, nodeBits) : nodeBits;
            out.put("Mems_allowed:\t").put(Bitmaps.hex(nodes, shown));
            out.put("\nMems_allowed_list:\t").put(Bitmaps.list(nodes, nodeBits)).put('\n');
        }
    }

    private static long[] words(KObject mask) {
        KObject bits = mask.at("bits");
        long[] words = new long[Math.min(MOST_WORDS, ((CType.Array) bits.type()).length())];
        for (int i = 0; i < words.length; i++) {
            words[i] = bits.index(i).value();
        }
        return words;
    }

    /** {@code nr_cpumask_bits}. */
    static int cpuBits(Kernel kernel, int built) {
        if (!kernel.symbols().has("nr_cpu_ids")) {
            return built;
        }
        return Math.clamp(kernel.memory().u32(kernel.address("nr_cpu_ids")), 1, built);
    }

    /** {@code MAX_NUMNODES}, which fewer than 64 nodes leave visible only in the size of a zone list. */
    private static int nodeBits(Kernel kernel, int rounded) {
        long zones = kernel.types().enumerator("__MAX_NR_ZONES").orElse(0);
        if (zones == 0 || !kernel.types().hasStruct("zonelist")) {
            return rounded;
        }
        int entries = ((CType.Array) kernel.types().struct("zonelist").field("_zonerefs").type()).length();
        return Math.clamp((entries - 1) / zones, 1, rounded);
    }
}
