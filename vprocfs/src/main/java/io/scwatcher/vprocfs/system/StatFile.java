package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.ArchInterrupts;
import io.scwatcher.kernel.system.CpuTimes;
import io.scwatcher.kernel.system.Interrupts;
import io.scwatcher.kernel.system.RunQueues;
import io.scwatcher.kernel.system.SoftIrqs;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/stat (fs/proc/stat.c, {@code show_stat}). */
final class StatFile implements SystemFile {
    /** Nanoseconds of a tick of {@code USER_HZ}. */
    private static final long NANOS_PER_CLOCK_TICK = 10_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    @Override
    public void print(Kernel kernel, ProcText out) {
        Timekeeping time = new Timekeeping(kernel);
        printTimes(kernel, time, out);
        printInterrupts(kernel, out);
        RunQueues runQueues = new RunQueues(kernel);
        out.put("\nctxt ").unsigned(runQueues.contextSwitches());
        out.put("\nbtime ").unsigned(Math.floorDiv(time.bootedAt(), NANOS_PER_SECOND));
        out.put("\nprocesses ").unsigned(new Variables(kernel).u64("total_forks"));
        out.put("\nprocs_running ").unsigned(runQueues.running());
        out.put("\nprocs_blocked ").unsigned(runQueues.waitingForIo()).put('\n');
        printSoftIrqs(kernel, out);
    }

    private static void printTimes(Kernel kernel, Timekeeping time, ProcText out) {
        CpuTimes times = new CpuTimes(kernel, time);
        CpuTimes.Times all = CpuTimes.Times.NONE;
        for (int cpu : kernel.possibleCpus()) {
            all = all.plus(times.of(cpu));
        }
        printTimes(out.put("cpu "), all);
        for (int cpu : kernel.onlineCpus()) {
            printTimes(out.put("cpu").dec(cpu), times.of(cpu));
        }
    }

    private static void printTimes(ProcText out, CpuTimes.Times times) {
        for (long nanos : times.inOrder()) {
            out.put(' ').unsigned(Long.divideUnsigned(nanos, NANOS_PER_CLOCK_TICK));
        }
        out.put('\n');
    }

    private static void printInterrupts(Kernel kernel, ProcText out) {
        Interrupts interrupts = new Interrupts(kernel);
        ArchInterrupts architecture = ArchInterrupts.of(kernel);
        long sum = architecture.errors();
        for (int cpu : kernel.possibleCpus()) {
            sum += interrupts.handled(cpu) + architecture.sum(cpu);
        }
        out.put("intr ").unsigned(sum);
        long next = 0;
        for (Interrupts.Irq irq : interrupts.all()) {
            printZeros(out, irq.number() - next);
            out.put(' ').unsigned(interrupts.count(irq.descriptor()));
            next = irq.number() + 1;
        }
        printZeros(out, interrupts.limit() - next);
    }

    private static void printZeros(ProcText out, long count) {
        for (long i = 0; i < count; i++) {
            out.put(" 0");
        }
    }

    private static void printSoftIrqs(Kernel kernel, ProcText out) {
        SoftIrqs softIrqs = new SoftIrqs(kernel);
        long[] sums = new long[softIrqs.kinds()];
        long total = 0;
        for (int cpu : kernel.possibleCpus()) {
            for (int kind = 0; kind < sums.length; kind++) {
                long count = softIrqs.count(kind, cpu);
                sums[kind] += count;
                total += count;
            }
        }
        out.put("softirq ").unsigned(total);
        for (long sum : sums) {
            out.put(' ').unsigned(sum & 0xffff_ffffL);
        }
        out.put('\n');
    }
}
