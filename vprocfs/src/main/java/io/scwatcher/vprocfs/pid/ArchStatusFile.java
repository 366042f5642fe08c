package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/arch_status: arch/x86/kernel/fpu/xstate.c {@code proc_pid_arch_status}. */
final class ArchStatusFile {
    /** {@code X86_FEATURE_AVX512F}: word 9, bit 16. */
    private static final int AVX512F_WORD = 9;
    private static final int AVX512F_BIT = 16;

    private ArchStatusFile() {}

    static void print(TaskView view, ProcText out) {
        view.requireAlive();
        Kernel kernel = view.kernel();
        KObject features = kernel.object("boot_cpu_data", "cpuinfo_x86").at("x86_capability");
        String member = "thread.fpu.avx512_timestamp";
        if ((features.index(AVX512F_WORD).value() >> AVX512F_BIT & 1) == 0 || !view.object().has(member)) {
            return;
        }
        long timestamp = view.object().get(member);
        long elapsed = -1;
        if (timestamp != 0) {
            Timekeeping clocks = new Timekeeping(kernel);
            long ticks = clocks.jiffies() - timestamp;
            elapsed = ticks < 0 ? Long.MAX_VALUE : ticks * 1000 / clocks.hz();
        }
        out.put("AVX512_elapsed_ms:\t").dec(elapsed).put('\n');
    }
}
