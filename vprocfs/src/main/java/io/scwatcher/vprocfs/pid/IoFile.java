package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/io: fs/proc/base.c {@code do_io_accounting}; of a whole process with its threads, also the dead ones. */
final class IoFile implements TaskFile {
    private static final String[] COUNTERS =
            {"rchar", "wchar", "syscr", "syscw", "read_bytes", "write_bytes", "cancelled_write_bytes"};

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        long[] sums = new long[COUNTERS.length];
        if (view.whole()) {
            add(view.task().signal(), sums);
            for (Task thread : view.task().threads()) {
                add(thread.object(), sums);
            }
        } else {
            add(view.object(), sums);
        }
        for (int i = 0; i < COUNTERS.length; i++) {
            out.put(COUNTERS[i]).put(": ").unsigned(sums[i]).put('\n');
        }
    }

    private static void add(KObject owner, long[] sums) {
        KObject accounting = owner.at("ioac");
        for (int i = 0; i < COUNTERS.length; i++) {
            sums[i] += accounting.get(COUNTERS[i]);
        }
    }
}
