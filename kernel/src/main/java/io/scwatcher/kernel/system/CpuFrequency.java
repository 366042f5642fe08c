package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;

/** {@code arch_freq_get_on_cpu} of x86 (arch/x86/kernel/cpu/aperfmperf.c). */
public final class CpuFrequency {
    /** {@code X86_FEATURE_APERFMPERF}, asm/cpufeatures.h. */
    private static final int APERFMPERF = 3 * 32 + 28;

    private final Kernel kernel;
    private final Variables variables;

    public CpuFrequency(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    /** Kilohertz: measured in the last tick where the CPU can and did, else the governor's, else that of the counter. */
    public long kilohertz(int cpu, X86Cpus cpus) {
        long nominal = variables.u32("cpu_khz");
        if (cpus.has(cpus.info(cpu), APERFMPERF) && variables.has("cpu_samples")) {
            KObject sample = variables.perCpu("cpu_samples", "aperfmperf", cpu);
            long age = variables.u64("jiffies_64") - sample.get("last_update");
            if (sample.get("mcnt") != 0 && age <= Timekeeping.hz(kernel) / 50) {
                return Long.divideUnsigned(nominal * sample.get("acnt"), sample.get("mcnt"));
            }
        }
        long governed = governed(cpu);
        return governed != 0 ? governed : nominal;
    }

    /** {@code cpufreq_quick_get}: what the CPU's policy says. */
    private long governed(int cpu) {
        if (!variables.has("cpufreq_cpu_data")) {
            return 0;
        }
        long policy = kernel.memory().u64(kernel.perCpu(kernel.address("cpufreq_cpu_data"), cpu));
        return policy == 0 ? 0 : kernel.at(policy, "cpufreq_policy").get("cur");
    }
}
