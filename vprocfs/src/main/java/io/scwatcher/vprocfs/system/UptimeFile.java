package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.CpuTimes;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/uptime: seconds since boot, and the sum of the idle seconds of all possible CPUs (fs/proc/uptime.c). */
final class UptimeFile implements SystemFile {
    private static final long NANOS_PER_CENTISECOND = 10_000_000;

    @Override
    public void print(Kernel kernel, ProcText out) {
        Timekeeping time = new Timekeeping(kernel);
        CpuTimes times = new CpuTimes(kernel, time);
        long idle = 0;
        for (int cpu : kernel.possibleCpus()) {
            idle += times.of(cpu).idle();
        }
        printSeconds(out, time.boottime());
        out.put(' ');
        printSeconds(out, idle);
        out.put('\n');
    }

    private static void printSeconds(ProcText out, long nanos) {
        long centiseconds = nanos / NANOS_PER_CENTISECOND;
        out.unsigned(centiseconds / 100).put('.').zeroPadded(centiseconds % 100, 2);
    }
}
