package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/timens_offsets: kernel/time/namespace.c {@code proc_timens_show_offsets}, 5.6. */
final class TimeOffsetsFile {
    private TimeOffsetsFile() {}

    static void print(TaskView view, ProcText out) {
        view.requireAlive();
        KObject proxy = view.object().ptr("nsproxy");
        KObject namespace = proxy.isNull() ? proxy : proxy.ptr("time_ns_for_children");
        if (namespace.isNull()) {
            return;
        }
        offset("monotonic", namespace.at("offsets.monotonic"), out);
        offset("boottime", namespace.at("offsets.boottime"), out);
    }

    private static void offset(String clock, KObject time, ProcText out) {
        out.left(clock, 10).put(' ').dec(time.get("tv_sec"), 10).put(' ').dec(time.get("tv_nsec"), 9).put('\n');
    }
}
