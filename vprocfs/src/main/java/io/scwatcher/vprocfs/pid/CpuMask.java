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
        KObject cpuMask = object.at(object.has("cpus_mask") ? "cpus_mask" : "cpus_allowed").at("bits");
        int cpuBits = cpuBits(kernel, bits(cpuMask));
        long[] cpus = words(cpuMask, cpuBits);
        out.put("Cpus_allowed:\t").put(Bitmaps.hex(cpus, cpuBits));
        out.put("\nCpus_allowed_list:\t").put(Bitmaps.list(cpus, cpuBits)).put('\n');
        if (object.has("mems_allowed")) {
            KObject nodeMask = object.at("mems_allowed").at("bits");
            int nodeBits = nodeBits(kernel, bits(nodeMask));
            long[] nodes = words(nodeMask, nodeBits);
            int shown = KernelTraits.usesVariable(kernel, "cpuset_task_status_allowed", "nr_node_ids")
                    ? Math.clamp(kernel.memory().u32(kernel.address("nr_node_ids")), 1, nodeBits) : nodeBits;
            out.put("Mems_allowed:\t").put(Bitmaps.hex(nodes, shown));
            out.put("\nMems_allowed_list:\t").put(Bitmaps.list(nodes, nodeBits)).put('\n');
        }
    }

    /** How many bits an array of words has. */
    private static int bits(KObject mask) {
        return Math.min(MOST_WORDS, ((CType.Array) mask.type()).length()) * Long.SIZE;
    }

    /** As many words as hold {@code bits}. */
    private static long[] words(KObject mask, int bits) {
        long[] words = new long[(bits + Long.SIZE - 1) / Long.SIZE];
        for (int i = 0; i < words.length; i++) {
            words[i] = mask.memory().u64(mask.address() + (long) i * Long.BYTES);
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
