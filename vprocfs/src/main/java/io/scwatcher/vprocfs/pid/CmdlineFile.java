package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.UserMemory;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/cmdline: fs/proc/base.c {@code get_mm_cmdline}. */
final class CmdlineFile implements TaskFile {
    private static final int PAGE_SIZE = 4096;

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        Mm mm = view.mm();
        if (mm == null || mm.get("env_end") == 0) {
            return;
        }
        long start = mm.get("arg_start");
        long end = mm.get("arg_end");
        if (Long.compareUnsigned(start, end) >= 0) {
            return;
        }
        UserMemory memory = new UserMemory(mm);
        byte[] last = new byte[1];
        if (memory.read(end - 1, last, 1) == 1 && last[0] != 0) {
            printTitle(memory, start, out);
        } else {
            memory.print(start, end, out::put);
        }
    }

    /** The process has overwritten its arguments, setproctitle(3): up to the first NUL, at most a page. */
    private static void printTitle(UserMemory memory, long start, ProcText out) {
        byte[] page = new byte[PAGE_SIZE];
        int length = memory.read(start, page, PAGE_SIZE);
        int end = 0;
        while (end < length && page[end] != 0) {
            end++;
        }
        out.put(page, 0, Math.min(length, end + 1));
    }
}
