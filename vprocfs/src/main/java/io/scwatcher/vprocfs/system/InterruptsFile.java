package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.ArchInterrupts;
import io.scwatcher.kernel.system.Interrupts;
import io.scwatcher.kernel.system.Interrupts.Irq;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/**
 * /proc/interrupts (kernel/irq/proc.c). Up to 7.0 {@code show_interrupts} with columns of fixed width, where a count's
 * blank moved from behind it to its front in between; since 7.1 {@code irq_seq_show}, whose widths the kernel keeps in
 * {@code irq_proc_constraints}.
 */
final class InterruptsFile implements SystemFile {
    private static final int NAME_LIMIT = 256;
    private static final int MOST_ACTIONS = 4096;

    @Override
    public void print(Kernel kernel, ProcText out) {
        Interrupts interrupts = new Interrupts(kernel);
        Layout layout = Layout.of(kernel, interrupts.limit());
        out.pad(layout.numberWidth + 8, ' ');
        for (int cpu : kernel.onlineCpus()) {
            out.put("CPU").left(Integer.toString(cpu), 8);
        }
        out.put('\n');
        for (Irq irq : interrupts.all()) {
            if (interrupts.isShown(irq.descriptor())) {
                printDevice(kernel, interrupts, irq, layout, out);
            }
        }
        printArchitecture(kernel, layout, out);
    }

    private static void printDevice(Kernel kernel, Interrupts interrupts, Irq irq, Layout layout, ProcText out) {
        KObject descriptor = irq.descriptor();
        out.dec(irq.number(), layout.numberWidth).put(layout.blankFirst ? ":" : ": ");
        for (int cpu : kernel.onlineCpus()) {
            count(interrupts.count(descriptor, cpu), layout.blankFirst, out);
        }
        KObject chip = descriptor.ptr("irq_data.chip");
        String name = chip.isNull() ? "None" : chip.get("name") == 0 ? "-" : chip.string("name", NAME_LIMIT);
        boolean hasDomain = descriptor.get("irq_data.domain") != 0;
        String hardware = hasDomain ? Long.toUnsignedString(descriptor.get("irq_data.hwirq")) : "";
        if (layout.isNew) {
            out.put("  ").left(name, layout.chipWidth).put(hasDomain ? " " : "  ");
        } else {
            out.put(' ').right(name, 8).put(' ');
        }
        out.right(hardware, layout.numberWidth);
        if (layout.showsLevel) {
            out.put(' ').left(interrupts.isLevel(descriptor) ? "Level" : "Edge", 8);
        }
        if (descriptor.get("name") != 0) {
            out.put('-').left(descriptor.string("name", NAME_LIMIT), 8);
        }
        KObject action = descriptor.ptr("action");
        for (int i = 0; !action.isNull() && i < MOST_ACTIONS; i++) {
            out.put(i == 0 ? "  " : ", ").put(action.get("name") == 0 ? "(null)" : action.string("name", NAME_LIMIT));
            action = action.ptr("next");
        }
        out.put('\n');
    }

    private static void printArchitecture(Kernel kernel, Layout layout, ProcText out) {
        for (ArchInterrupts.Line line : ArchInterrupts.of(kernel).lines()) {
            out.right(line.label(), layout.numberWidth).put(layout.isNew ? ":" : ": ");
            if (line.isPerCpu()) {
                for (int cpu : kernel.onlineCpus()) {
                    count(line.count(cpu), layout.isNew, out);
                }
            } else {
                out.unsigned(line.count(0), 10);
            }
            out.put(line.text());
        }
    }

    private static void count(long count, boolean blankFirst, ProcText out) {
        if (blankFirst) {
            out.put(' ').unsigned(count, 10);
        } else {
            out.unsigned(count, 10).put(' ');
        }
    }

    /**
     * The columns.
     *
     * @param numberWidth of the interrupts' numbers
     * @param chipWidth of the chips' names, in the newer format
     * @param isNew the format since 7.1
     * @param blankFirst a device's count has its blank in front, not behind
     * @param showsLevel with {@code CONFIG_GENERIC_IRQ_SHOW_LEVEL}, which x86 does not select
     */
    private record Layout(int numberWidth, int chipWidth, boolean isNew, boolean blankFirst, boolean showsLevel) {
        static Layout of(Kernel kernel, long limit) {
            Variables variables = new Variables(kernel);
            boolean showsLevel = !variables.has("irq_stat");
            if (variables.has("irq_proc_constraints")) {
                KObject widths = kernel.object("irq_proc_constraints", "irq_proc_constraints");
                return new Layout(bounded(widths.getInt("num_prec")), bounded(widths.getInt("chip_width")), true,
                        true, showsLevel);
            }
            int width = 3;
            for (long reached = 1000; width < 10 && reached <= limit; width++) {
                reached *= 10;
            }
            return new Layout(width, 8, false, !KernelTraits.hasText(kernel, "%*d: ", "show_interrupts"), showsLevel);
        }

        private static int bounded(int width) {
            return Math.clamp(width, 0, 256);
        }
    }
}
