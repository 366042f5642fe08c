package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.pid.Bitmaps;

/** NUMA memory policies as text: mm/mempolicy.c {@code mpol_to_str}. */
public final class MemoryPolicy {
    private static final String[] MODES = {"default", "prefer", "bind", "interleave", "local", "prefer (many)",
        "weighted interleave"};
    private static final int DEFAULT = 0;
    private static final int PREFERRED = 1;
    private static final int LOCAL = 4;
    private static final int NUMA_BALANCING = 1 << 13;
    private static final int RELATIVE_NODES = 1 << 14;
    private static final int STATIC_NODES = 1 << 15;
    private static final int KERNEL_LOCAL = 1 << 1;
    private static final int MORON = 1 << 4;

    private static final int MOST_WORDS = 1024;

    private MemoryPolicy() {}

    /** @param policy a {@code struct mempolicy}, or null for the default */
    public static String text(KObject policy) {
        if (policy == null || policy.isNull() || isKernelsOwn(policy)) {
            return MODES[DEFAULT];
        }
        int mode = policy.getInt("mode") & 0xffff;
        int flags = policy.getInt("flags") & 0xffff;
        // Until 5.13 one preferred node was kept apart, and "local" was a flag.
        boolean separate = policy.has("v.preferred_node");
        if (mode == PREFERRED && separate && (flags & KERNEL_LOCAL) != 0) {
            mode = LOCAL;
        }
        if (mode >= MODES.length) {
            return "unknown";
        }
        String nodes = mode == DEFAULT || mode == LOCAL ? ""
                : mode == PREFERRED && separate ? Integer.toString(policy.getInt("v.preferred_node"))
                : nodes(policy.at(policy.has("nodes") ? "nodes" : "v.nodes"));
        return MODES[mode] + flags(flags) + (nodes.isEmpty() ? "" : ":" + nodes);
    }

    private static String flags(int flags) {
        boolean nodes = (flags & (STATIC_NODES | RELATIVE_NODES)) != 0;
        boolean balancing = (flags & NUMA_BALANCING) != 0;
        String kind = (flags & STATIC_NODES) != 0 ? "static" : (flags & RELATIVE_NODES) != 0 ? "relative" : "";
        return nodes || balancing ? "=" + kind + (nodes && balancing ? "|" : "") + (balancing ? "balancing" : "") : "";
    }

    /** The policy that every task starts with, or one of those made for its node. */
    private static boolean isKernelsOwn(KObject policy) {
        Kernel kernel = policy.kernel();
        boolean isDefault = kernel.symbols().has("default_policy") && policy.address() == kernel.address("default_policy");
        var owner = kernel.symbols().containing(policy.address());
        boolean isPreferred = owner != null && owner.name().equals("preferred_node_policy");
        return isDefault || isPreferred || policy.has("v.preferred_node") && (policy.get("flags") & MORON) != 0;
    }

    private static String nodes(KObject mask) {
        KObject bits = mask.at("bits");
        long[] words = new long[Math.min(MOST_WORDS, ((CType.Array) bits.type()).length())];
        for (int i = 0; i < words.length; i++) {
            words[i] = bits.index(i).value();
        }
        return Bitmaps.list(words, words.length * Long.SIZE);
    }
}
