package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.MapleTree;
import io.scwatcher.kernel.collection.XArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Interrupt descriptors and their counters (kernel/irq/irqdesc.c). The descriptors lie in the maple tree
 * {@code sparse_irqs} since 6.5, in the radix tree {@code irq_desc_tree} before.
 */
public final class Interrupts {
    private static final int LIMIT = 1 << 20;
    /** {@code istate}, a macro for this member's name. */
    private static final String STATE = "core_internal_state__do_not_mess_with_it";

    private final Kernel kernel;
    private final Variables variables;
    private final List<Irq> irqs;

    public Interrupts(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
        this.irqs = read();
    }

    /** An allocated interrupt. */
    public record Irq(long number, KObject descriptor) {}

    /** All allocated interrupts, ascending. */
    public List<Irq> all() {
        return irqs;
    }

    /** The descriptor of an interrupt, or null. */
    public KObject find(long number) {
        return irqs.stream().filter(irq -> irq.number() == number).map(Irq::descriptor).findFirst().orElse(null);
    }

    /** {@code nr_irqs}: {@code total_nr_irqs} since 6.13. */
    public long limit() {
        long limit = variables.u32(variables.has("total_nr_irqs") ? "total_nr_irqs" : "nr_irqs");
        if (limit > LIMIT) {
            kernel.anomalies().record("nr_irqs is " + limit);
        }
        return Math.min(limit, LIMIT);
    }

    /** {@code kstat_irqs_cpu}; an {@code unsigned int} per CPU, since 6.10 a {@code struct irqstat}. */
    public long count(KObject descriptor, int cpu) {
        long counters = descriptor.get("kstat_irqs");
        return counters == 0 ? 0 : kernel.memory().u32(kernel.perCpu(counters, cpu));
    }

    /** {@code kstat_irqs}: kept as a total, unless the interrupt is per CPU or an NMI. */
    public long count(KObject descriptor) {
        if (descriptor.get("kstat_irqs") == 0) {
            return 0;
        }
        long perCpu = variables.constant("IRQ_PER_CPU", 0) | variables.constant("IRQ_PER_CPU_DEVID", 0);
        boolean isNmi = (descriptor.get(STATE) & variables.constant("IRQS_NMI", 0)) != 0;
        if ((descriptor.get("status_use_accessors") & perCpu) == 0 && !isNmi) {
            return descriptor.get("tot_count");
        }
        long sum = 0;
        for (int cpu : kernel.possibleCpus()) {
            sum += count(descriptor, cpu);
        }
        return sum & 0xffff_ffffL;
    }

    /**
     * Whether /proc/interrupts shows it. Since 7.1 a bit of the descriptor says so; before, it has a handler that is not
     * the chained one, and (up to 6.9, while the counters were plain numbers) any count at all is enough.
     */
    public boolean isShown(KObject descriptor) {
        long status = descriptor.get("status_use_accessors");
        if (variables.hasConstant("_IRQ_PROC_VALID")) {
            return (status & variables.constant("_IRQ_PROC_VALID")) != 0;
        }
        if ((status & variables.constant("IRQ_HIDDEN", 0)) != 0) {
            return false;
        }
        long action = descriptor.get("action");
        boolean isHandled = action != 0 && action != variables.addressOr("chained_action", 0);
        if (kernel.types().hasStruct("irqstat")) {
            return isHandled && descriptor.get("kstat_irqs") != 0;
        }
        return isHandled || Arrays.stream(kernel.onlineCpus()).anyMatch(cpu -> count(descriptor, cpu) != 0);
    }

    /** {@code irqd_is_level_type}: bit {@code IRQD_LEVEL} of the data that all chips of the interrupt share. */
    public boolean isLevel(KObject descriptor) {
        return (descriptor.get("irq_common_data.state_use_accessors") & variables.constant("IRQD_LEVEL", 0)) != 0;
    }

    /** {@code kstat_cpu_irqs_sum}. */
    public long handled(int cpu) {
        return variables.perCpu("kstat", "kernel_stat", cpu).get("irqs_sum");
    }

    private List<Irq> read() {
        List<Irq> found = new ArrayList<>();
        if (variables.has("sparse_irqs")) {
            for (MapleTree.Entry entry : MapleTree.entries(kernel.object("sparse_irqs", "maple_tree"))) {
                found.add(new Irq(entry.first(), kernel.at(entry.value(), "irq_desc")));
            }
        } else if (variables.has("irq_desc_tree")) {
            String root = kernel.types().hasStruct("radix_tree_root") ? "radix_tree_root" : "xarray";
            for (XArray.Entry entry : XArray.entries(kernel.object("irq_desc_tree", root))) {
                found.add(new Irq(entry.index(), kernel.at(entry.value(), "irq_desc")));
            }
        } else {
            KObject descriptors = kernel.object("irq_desc", "irq_desc");
            for (long number = 0; number < limit(); number++) {
                found.add(new Irq(number, descriptors.index(number)));
            }
        }
        return List.copyOf(found);
    }
}
