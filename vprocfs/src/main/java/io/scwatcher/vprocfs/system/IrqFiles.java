package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.CpuMasks;
import io.scwatcher.kernel.system.Interrupts;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;
import java.util.function.BiConsumer;

/** /proc/irq: affinity and faults of each interrupt (kernel/irq/proc.c). */
final class IrqFiles {
    private IrqFiles() {}

    /** {@code default_affinity_show}. */
    static void printDefaultAffinity(Kernel kernel, ProcText out) {
        KObject mask = kernel.object("irq_default_affinity", "cpumask_var_t");
        out.put(CpuMasks.hex(kernel, CpuMasks.of(mask))).put('\n');
    }

    /** The file of that name in the directory of an interrupt, or null. */
    static SystemFile find(long number, String name) {
        BiConsumer<KObject, ProcText> printer = switch (name) {
            case "smp_affinity" -> (irq, out) -> printMask(affinity(irq), out);
            case "smp_affinity_list" -> (irq, out) -> printList(affinity(irq), out);
            case "effective_affinity" -> (irq, out) -> printMask(effective(irq), out);
            case "effective_affinity_list" -> (irq, out) -> printList(effective(irq), out);
            case "affinity_hint" -> IrqFiles::printHint;
            case "node" -> (irq, out) -> out.dec(irq.getInt("irq_common_data.node")).put('\n');
            case "spurious" -> IrqFiles::printSpurious;
            default -> null;
        };
        return printer == null ? null : (kernel, out) -> {
            KObject irq = new Interrupts(kernel).find(number);
            if (irq == null) {
                throw new VfsException(Errno.EIO);
            }
            printer.accept(irq, out);
        };
    }

    /** What was asked for last, also while it waits for the next interrupt to take effect. */
    private static KObject affinity(KObject irq) {
        long pending = new Variables(irq.kernel()).constant("IRQD_SETAFFINITY_PENDING", 0);
        boolean waits = (irq.get("irq_common_data.state_use_accessors") & pending) != 0;
        return irq.at(waits && irq.has("pending_mask") ? "pending_mask" : "irq_common_data.affinity");
    }

    private static KObject effective(KObject irq) {
        return irq.at("irq_common_data.effective_affinity");
    }

    private static void printHint(KObject irq, ProcText out) {
        long hint = irq.get("affinity_hint");
        int[] cpus = hint == 0 ? new int[0] : CpuMasks.of(irq.kernel(), hint);
        out.put(CpuMasks.hex(irq.kernel(), cpus)).put('\n');
    }

    private static void printSpurious(KObject irq, ProcText out) {
        int hz = Timekeeping.hz(irq.kernel());
        out.put("count ").unsigned(irq.get("irq_count")).put("\nunhandled ").unsigned(irq.get("irqs_unhandled"));
        out.put("\nlast_unhandled ").unsigned(irq.get("last_unhandled") * 1000 / hz & 0xffff_ffffL).put(" ms\n");
    }

    private static void printMask(KObject mask, ProcText out) {
        out.put(CpuMasks.hex(mask.kernel(), CpuMasks.of(mask))).put('\n');
    }

    private static void printList(KObject mask, ProcText out) {
        out.put(CpuMasks.list(CpuMasks.of(mask))).put('\n');
    }
}
