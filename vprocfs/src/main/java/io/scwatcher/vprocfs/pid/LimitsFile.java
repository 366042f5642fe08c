package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.task.ResourceLimits;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/limits: fs/proc/base.c {@code proc_pid_limits}. */
final class LimitsFile implements TaskFile {
    private static final String[][] LIMITS = {
        {"Max cpu time", "seconds"}, {"Max file size", "bytes"}, {"Max data size", "bytes"}, {"Max stack size", "bytes"},
        {"Max core file size", "bytes"}, {"Max resident set", "bytes"}, {"Max processes", "processes"},
        {"Max open files", "files"}, {"Max locked memory", "bytes"}, {"Max address space", "bytes"},
        {"Max file locks", "locks"}, {"Max pending signals", "signals"}, {"Max msgqueue size", "bytes"},
        {"Max nice priority", null}, {"Max realtime priority", null}, {"Max realtime timeout", "us"}};

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        if (view.task().sighand().isNull()) {
            return;
        }
        KObject signal = view.task().signal();
        out.left("Limit", 26).left("Soft Limit", 21).left("Hard Limit", 21).left("Units", 10).put('\n');
        for (int i = 0; i < ResourceLimits.COUNT; i++) {
            out.left(LIMITS[i][0], 25).put(' ');
            out.left(value(ResourceLimits.soft(signal, i)), 20).put(' ');
            out.left(value(ResourceLimits.hard(signal, i)), 20).put(' ');
            out.left(LIMITS[i][1] == null ? "" : LIMITS[i][1], LIMITS[i][1] == null ? 0 : 10).put('\n');
        }
    }

    private static String value(long limit) {
        return limit == ResourceLimits.INFINITY ? "unlimited" : Long.toUnsignedString(limit);
    }
}
