package io.scwatcher.kernel.mm;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;

/** {@code struct percpu_counter} (lib/percpu_counter.c). */
public final class PerCpuCounter {
    private PerCpuCounter() {}

    /** {@code __percpu_counter_sum}: the common part and what each online CPU holds back. */
    public static long sum(KObject counter) {
        Kernel kernel = counter.kernel();
        long sum = counter.get("count");
        long pointer = counter.get("counters");
        if (pointer == 0) {
            return sum;
        }
        for (int cpu : kernel.onlineCpus()) {
            sum += (int) kernel.memory().u32(kernel.perCpu(pointer, cpu));
        }
        return sum;
    }
}
