package io.scwatcher.kernel.system;

import io.scwatcher.kernel.Kernel;
import java.util.List;

/**
 * The interrupts that x86 counts outside of the descriptors: per-CPU {@code irq_stat} (arch/x86/kernel/irq.c). Up to 7.0 a
 * member for each, printed by code; since 7.1 an array {@code counts[]} described by {@code irq_stat_info[]}.
 */
public abstract sealed class ArchInterrupts permits X86InterruptMembers, X86InterruptTable {
    /** A line of /proc/interrupts. */
    public interface Line {
        String label();

        /** As printed behind the counters, with the blanks before it. */
        String text();

        /** A count for each CPU, or one for the machine. */
        boolean isPerCpu();

        long count(int cpu);
    }

    protected final Kernel kernel;
    protected final Variables variables;

    ArchInterrupts(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    public static ArchInterrupts of(Kernel kernel) {
        return kernel.symbols().has("irq_stat_info") ? new X86InterruptTable(kernel) : new X86InterruptMembers(kernel);
    }

    /** The lines that /proc/interrupts shows, in order. */
    public abstract List<Line> lines();

    /** {@code arch_irq_stat_cpu}. */
    public abstract long sum(int cpu);

    /** {@code arch_irq_stat}. */
    public abstract long errors();
}
