package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;

/**
 * Counters of one network namespace: {@code net->mib} (include/net/netns/mib.h). Most are kept for each CPU and added
 * up when read ({@code snmp_fold_field}); some are shared.
 */
public final class Mib {
    private final Kernel kernel;
    private final KObject net;

    public Mib(NetNamespace net) {
        this.kernel = net.kernel();
        this.net = net.net();
    }

    /** Whether this kernel keeps such counters, and they were allocated. */
    public boolean has(String member) {
        return net.has("mib." + member) && net.get("mib." + member) != 0;
    }

    /**
     * The sum of one counter over all CPUs.
     *
     * @param member such as {@code tcp_statistics}
     * @param index as in {@link MibList.Entry}
     */
    public long folded(String member, int index) {
        return folded(kernel, net.get("mib." + member), index);
    }

    /** As {@link #folded(String, int)} with the enumeration constant that numbers the counter. */
    public long folded(String member, String constant) {
        return folded(member, (int) kernel.types().enumerator(constant).orElseThrow(
                () -> new io.scwatcher.kernel.type.NoSuchFieldInKernel("enumerations", constant)));
    }

    /** The value of a counter that all CPUs share, such as those of {@code icmpmsg_statistics}. */
    public long shared(String member, int index) {
        return kernel.memory().u64(net.get("mib." + member) + (long) Long.BYTES * index);
    }

    /** The sum over all CPUs of a counter in a per-CPU array of 64-bit values. */
    public static long folded(Kernel kernel, long perCpuArray, int index) {
        long sum = 0;
        for (int cpu : kernel.possibleCpus()) {
            sum += kernel.memory().u64(kernel.perCpu(perCpuArray, cpu) + (long) Long.BYTES * index);
        }
        return sum;
    }
}
