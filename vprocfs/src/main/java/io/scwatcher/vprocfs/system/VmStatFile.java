package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.VmStatistics;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/vmstat (mm/vmstat.c, {@code vmstat_show}), with the counter that is kept for old readers at its end. */
final class VmStatFile implements SystemFile {
    @Override
    public void print(Kernel kernel, ProcText out) {
        for (VmStatistics.Counter counter : new VmStatistics(kernel).all()) {
            out.put(counter.name()).put(' ').unsigned(counter.value()).put('\n');
        }
        out.put("nr_unstable 0\n");
    }
}
