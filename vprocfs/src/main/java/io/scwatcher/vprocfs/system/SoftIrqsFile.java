package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.SoftIrqs;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/softirqs: a column for each possible CPU (fs/proc/softirqs.c). */
final class SoftIrqsFile implements SystemFile {
    @Override
    public void print(Kernel kernel, ProcText out) {
        SoftIrqs softIrqs = new SoftIrqs(kernel);
        out.pad(20, ' ');
        for (int cpu : kernel.possibleCpus()) {
            out.put("CPU").left(Integer.toString(cpu), 8);
        }
        out.put('\n');
        for (int kind = 0; kind < softIrqs.kinds(); kind++) {
            out.right(softIrqs.name(kind), 12).put(':');
            for (int cpu : kernel.possibleCpus()) {
                out.put(' ').unsigned(softIrqs.count(kind, cpu), 10);
            }
            out.put('\n');
        }
    }
}
