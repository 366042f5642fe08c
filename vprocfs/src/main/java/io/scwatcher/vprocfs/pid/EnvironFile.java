package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.UserMemory;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/environ: fs/proc/base.c {@code environ_read}. */
final class EnvironFile implements TaskFile {
    @Override
    public void print(TaskView view, ProcText out) {
        Mm mm = view.openMemory("environ_open");
        if (mm == null || mm.get("env_end") == 0) {
            return;
        }
        long start = mm.get("env_start");
        long end = mm.get("env_end");
        if (Long.compareUnsigned(start, end) < 0) {
            new UserMemory(mm).print(start, end, out::put);
        }
    }
}
