package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/**
 * /proc/pressure (kernel/sched/psi.c, {@code psi_show}). A reader in the guest first brings the averages up to date; from
 * outside they are those of the last reader or of the last periodic update (every two seconds while something stalls).
 */
final class PressureFiles {
    private static final int FSHIFT = 11;
    private static final String[] WINDOWS = {" avg10=", " avg60=", " avg300="};

    private PressureFiles() {}

    /** @param resource the constant of {@code enum psi_res}: {@code PSI_IO} */
    static SystemFile of(String resource) {
        return (kernel, out) -> print(kernel, resource, out);
    }

    /** Element of an array of 64-bit numbers in two dimensions, which BTF may describe as one of one dimension. */
    private static long element(KObject array, long index) {
        return array.memory().u64(array.address() + index * Long.BYTES);
    }

    private static void print(Kernel kernel, String resource, ProcText out) {
        Variables variables = new Variables(kernel);
        if (kernel.object("psi_disabled", "static_key").getInt("enabled") > 0) {
            throw new VfsException(Errno.EOPNOTSUPP);
        }
        KObject group = kernel.object("psi_system", "psi_group");
        boolean isCpu = resource.equals("PSI_CPU");
        boolean isIrq = resource.equals("PSI_IRQ");
        boolean hasCpuFull = variables.hasConstant("PSI_CPU_FULL");
        for (int full = isIrq ? 1 : 0; full < (isCpu && !hasCpuFull ? 1 : 2); full++) {
            long state = isIrq ? variables.constant("PSI_IRQ_FULL") : variables.constant(resource) * 2 + full;
            out.put(full != 0 ? "full" : "some");
            boolean isUndefined = isCpu && full != 0;
            for (int window = 0; window < WINDOWS.length; window++) {
                long average = isUndefined ? 0 : element(group.at("avg"), state * WINDOWS.length + window);
                out.put(WINDOWS[window]).unsigned(average >>> FSHIFT).put('.');
                out.zeroPadded((average & (1 << FSHIFT) - 1) * 100 >>> FSHIFT, 2);
            }
            long total = isUndefined ? 0 : element(group.at("total"), state);
            out.put(" total=").unsigned(Long.divideUnsigned(total, 1000)).put('\n');
        }
    }
}
