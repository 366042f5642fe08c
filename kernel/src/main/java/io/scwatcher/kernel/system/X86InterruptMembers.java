package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The members of per-CPU {@code irq_stat} and the machine check counters, up to 7.0. A member that the configuration left
 * out is absent from the structure, and its line from the file.
 */
final class X86InterruptMembers extends ArchInterrupts {
    /** Bits of {@code system_vectors} (arch/x86/include/asm/irq_vectors.h). */
    private static final int HYPERVISOR_CALLBACK_VECTOR = 0xf3;
    private static final int HYPERV_REENLIGHTENMENT_VECTOR = 0xee;
    private static final int HYPERV_STIMER0_VECTOR = 0xed;
    private static final int ALWAYS = -1;

    /** @param vector the line is shown only where this vector is in use */
    private record Counter(String label, String member, String text, boolean isSummed, int vector) {
        Counter(String label, String member, String text, boolean isSummed) {
            this(label, member, text, isSummed, ALWAYS);
        }
    }

    private static final List<Counter> BEFORE_MACHINE_CHECKS = List.of(
            new Counter("NMI", "__nmi_count", "  Non-maskable interrupts\n", true),
            new Counter("LOC", "apic_timer_irqs", "  Local timer interrupts\n", true),
            new Counter("SPU", "irq_spurious_count", "  Spurious interrupts\n", true),
            new Counter("PMI", "apic_perf_irqs", "  Performance monitoring interrupts\n", true),
            new Counter("IWI", "apic_irq_work_irqs", "  IRQ work interrupts\n", true),
            new Counter("RTR", "icr_read_retry_count", "  APIC ICR read retries\n", true),
            new Counter("PLT", "x86_platform_ipis", "  Platform interrupts\n", true),
            new Counter("RES", "irq_resched_count", "  Rescheduling interrupts\n", true),
            new Counter("CAL", "irq_call_count", "  Function call interrupts\n", true),
            new Counter("TLB", "irq_tlb_count", "  TLB shootdowns\n", false),
            new Counter("TRM", "irq_thermal_count", "  Thermal event interrupts\n", true),
            new Counter("THR", "irq_threshold_count", "  Threshold APIC interrupts\n", true),
            new Counter("DFR", "irq_deferred_error_count", "  Deferred Error APIC interrupts\n", false));
    private static final List<Counter> MACHINE_CHECKS = List.of(
            new Counter("MCE", "mce_exception_count", "  Machine check exceptions\n", true),
            new Counter("MCP", "mce_poll_count", "  Machine check polls\n", true));
    private static final List<Counter> HYPERVISORS = List.of(
            new Counter("HYP", "irq_hv_callback_count", "  Hypervisor callback interrupts\n", true,
                    HYPERVISOR_CALLBACK_VECTOR),
            new Counter("HRE", "irq_hv_reenlightenment_count", "  Hyper-V reenlightenment interrupts\n", true,
                    HYPERV_REENLIGHTENMENT_VECTOR),
            new Counter("HVS", "hyperv_stimer0_count", "  Hyper-V stimer0 interrupts\n", true, HYPERV_STIMER0_VECTOR));
    private static final List<Counter> AFTER_ERRORS = List.of(
            new Counter("PIN", "kvm_posted_intr_ipis", "  Posted-interrupt notification event\n", false),
            new Counter("NPI", "kvm_posted_intr_nested_ipis", "  Nested posted-interrupt event\n", false),
            new Counter("PIW", "kvm_posted_intr_wakeup_ipis", "  Posted-interrupt wakeup event\n", false),
            new Counter("PMN", "posted_msi_notification_count", "  Posted MSI notification event\n", false));

    X86InterruptMembers(Kernel kernel) {
        super(kernel);
    }

    @Override
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        addMembers(lines, BEFORE_MACHINE_CHECKS);
        for (Counter counter : MACHINE_CHECKS) {
            if (variables.has(counter.member)) {
                lines.add(new PerCpuLine(counter.label, counter.text, cpu -> perCpuVariable(counter.member, cpu)));
            }
        }
        addMembers(lines, HYPERVISORS);
        lines.add(new MachineLine("ERR", variables.u32("irq_err_count")));
        if (variables.has("irq_mis_count")) {
            lines.add(new MachineLine("MIS", variables.u32("irq_mis_count")));
        }
        addMembers(lines, AFTER_ERRORS);
        return lines;
    }

    @Override
    public long sum(int cpu) {
        KObject stat = stat(cpu);
        long sum = 0;
        for (Counter counter : BEFORE_MACHINE_CHECKS) {
            sum += counter.isSummed && isShown(counter) ? stat.get(counter.member) : 0;
        }
        for (Counter counter : MACHINE_CHECKS) {
            sum += variables.has(counter.member) ? perCpuVariable(counter.member, cpu) : 0;
        }
        return sum + hypervisors(stat);
    }

    @Override
    public long errors() {
        return variables.u32("irq_err_count");
    }

    /** Summed since 6.11; telling that from the structure alone is impossible, and the counts are 0 elsewhere. */
    private long hypervisors(KObject stat) {
        long sum = 0;
        for (Counter counter : HYPERVISORS) {
            sum += isShown(counter) ? stat.get(counter.member) : 0;
        }
        return sum;
    }

    private void addMembers(List<Line> lines, List<Counter> counters) {
        for (Counter counter : counters) {
            if (isShown(counter)) {
                lines.add(new PerCpuLine(counter.label, counter.text, cpu -> stat(cpu).get(counter.member)));
            }
        }
    }

    private boolean isShown(Counter counter) {
        if (!stat(0).has(counter.member)) {
            return false;
        }
        if (counter.label.equals("PLT")) {
            return variables.u64("x86_platform_ipi_callback", 0) != 0;
        }
        return counter.vector == ALWAYS || variables.has("system_vectors") && (kernel.memory()
                .u8(kernel.address("system_vectors") + counter.vector / 8) >> counter.vector % 8 & 1) != 0;
    }

    private KObject stat(int cpu) {
        return variables.perCpu("irq_stat", "irq_cpustat_t", cpu);
    }

    private long perCpuVariable(String symbol, int cpu) {
        return kernel.memory().u32(kernel.perCpu(kernel.address(symbol), cpu));
    }

    private record PerCpuLine(String label, String text, IntToLongFunction counts) implements Line {
        @Override
        public boolean isPerCpu() {
            return true;
        }

        @Override
        public long count(int cpu) {
            return counts.applyAsLong(cpu);
        }
    }

    private record MachineLine(String label, long value) implements Line {
        @Override
        public String text() {
            return "\n";
        }

        @Override
        public boolean isPerCpu() {
            return false;
        }

        @Override
        public long count(int cpu) {
            return value;
        }
    }
}
