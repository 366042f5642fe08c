package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.CType;
import java.util.ArrayList;
import java.util.List;

/** {@code irq_stat.counts[]}, described by {@code irq_stat_info[]}, shown by {@code irq_stat_count_show} (7.1 and later). */
final class X86InterruptTable extends ArchInterrupts {
    private static final int TEXT_LIMIT = 128;

    X86InterruptTable(Kernel kernel) {
        super(kernel);
    }

    @Override
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        long shown = kernel.address("irq_stat_count_show");
        KObject table = kernel.object("irq_stat_info", "irq_stat_info");
        for (int i = 0; i < size(); i++) {
            if ((kernel.memory().u8(shown + i / 8) >> i % 8 & 1) != 0) {
                KObject info = table.index(i);
                lines.add(new Entry(this, i, info.string("symbol", TEXT_LIMIT), info.string("text", TEXT_LIMIT)));
            }
        }
        return lines;
    }

    @Override
    public long sum(int cpu) {
        long sum = 0;
        for (int i = 0; i < size(); i++) {
            sum += count(i, cpu);
        }
        return sum;
    }

    @Override
    public long errors() {
        return 0;
    }

    private int size() {
        CType counts = variables.perCpu("irq_stat", "irq_cpustat_t", 0).at("counts").type();
        return counts instanceof CType.Array array ? array.length() : 0;
    }

    private long count(int index, int cpu) {
        return variables.perCpu("irq_stat", "irq_cpustat_t", cpu).at("counts").index(index).value();
    }

    private record Entry(X86InterruptTable table, int index, String label, String text) implements Line {
        @Override
        public boolean isPerCpu() {
            return true;
        }

        @Override
        public long count(int cpu) {
            return table.count(index, cpu);
        }
    }
}
