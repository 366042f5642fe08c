package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/timers: fs/proc/base.c {@code show_timer}; a list until 6.11, a hash list since. */
final class TimersFile {
    private static final int SIGEV_THREAD_ID = 4;
    private static final String[] NOTIFY = {"signal", "none", "thread"};

    private TimersFile() {}

    static void print(TaskView view, ProcText out) {
        view.requireAlive();
        KObject head = view.task().signal().at("posix_timers");
        boolean hashed = head.type().name().equals("hlist_head");
        Iterable<KObject> timers = hashed ? Lists.hlist(head, "k_itimer", "list") : Lists.list(head, "k_itimer", "list");
        for (KObject timer : timers) {
            KObject info = (timer.at("sigq").type() instanceof CType.Pointer ? timer.ptr("sigq") : timer.at("sigq"))
                    .at("info");
            int notify = timer.getInt("it_sigev_notify");
            int kind = notify & ~SIGEV_THREAD_ID;
            out.put("ID: ").dec(timer.getInt("it_id")).put("\nsignal: ").dec(info.getInt("si_signo")).put('/');
            out.hex(info.get("_sifields._rt._sigval.sival_ptr"), 16);
            out.put("\nnotify: ").put(kind >= 0 && kind < NOTIFY.length ? NOTIFY[kind] : "(null)");
            out.put((notify & SIGEV_THREAD_ID) != 0 ? "/tid." : "/pid.");
            out.dec(view.namespace().number(timer.ptr("it_pid")));
            out.put("\nClockID: ").dec(timer.getInt("it_clock")).put('\n');
        }
    }
}
