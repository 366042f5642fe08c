package io.scwatcher.kernel.system;

import io.scwatcher.kernel.Kernel;

/** Soft interrupts by CPU: {@code kstat.softirqs}, named by {@code softirq_to_name} (kernel/softirq.c). */
public final class SoftIrqs {
    private final Variables variables;
    private final int kinds;

    public SoftIrqs(Kernel kernel) {
        this.variables = new Variables(kernel);
        this.kinds = (int) Math.min(64, variables.constant("NR_SOFTIRQS"));
    }

    public int kinds() {
        return kinds;
    }

    public String name(int kind) {
        return variables.kernel().memory().string(variables.u64At("softirq_to_name", kind), 64);
    }

    public long count(int kind, int cpu) {
        return variables.perCpu("kstat", "kernel_stat", cpu).at("softirqs").index(kind).value();
    }
}
