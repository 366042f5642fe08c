package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.RunQueues;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/loadavg (fs/proc/loadavg.c): {@code avenrun} as fixed-point numbers with eleven bits, rounded to hundredths. */
final class LoadAverageFile implements SystemFile {
    private static final int FSHIFT = 11;
    private static final int FIXED_1 = 1 << FSHIFT;

    @Override
    public void print(Kernel kernel, ProcText out) {
        Variables variables = new Variables(kernel);
        for (int i = 0; i < 3; i++) {
            long load = variables.u64At("avenrun", i) + FIXED_1 / 200;
            out.unsigned(load >>> FSHIFT).put('.').zeroPadded((load & FIXED_1 - 1) * 100 >> FSHIFT, 2).put(' ');
        }
        long lastPid = kernel.object("init_pid_ns", "pid_namespace").get("idr.idr_next") - 1;
        out.dec(new RunQueues(kernel).running()).put('/').dec(variables.s32("nr_threads")).put(' ');
        out.dec((int) lastPid).put('\n');
    }
}
