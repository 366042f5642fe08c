package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.task.Credentials;
import io.scwatcher.kernel.task.ResourceLimits;
import io.scwatcher.kernel.task.SignalSet;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vprocfs.ProcText;

/** The part of /proc/PID/status about signals: fs/proc/array.c {@code task_sig}. */
final class StatusSignals {
    private StatusSignals() {}

    static void print(Task task, Credentials credentials, ProcText out) {
        KObject sighand = task.sighand();
        if (sighand.isNull()) {
            out.put("Threads:\t0\nSigQ:\t0/0\n");
            sets(out, 0, 0, 0, 0, 0);
            return;
        }
        KObject signal = task.signal();
        SignalSet[] handled = SignalSet.ignoredAndCaught(sighand);
        out.put("Threads:\t").dec(task.threadCount());
        out.put("\nSigQ:\t").unsigned(queued(credentials)).put('/');
        out.unsigned(ResourceLimits.soft(signal, ResourceLimits.SIGPENDING)).put('\n');
        sets(out, task.get("pending.signal.sig[0]"), signal.get("shared_pending.signal.sig[0]"),
                task.get("blocked.sig[0]"), handled[0].bits(), handled[1].bits());
    }

    private static void sets(ProcText out, long pending, long shared, long blocked, long ignored, long caught) {
        out.put("SigPnd:\t").hex(pending, 16).put("\nShdPnd:\t").hex(shared, 16);
        out.put("\nSigBlk:\t").hex(blocked, 16).put("\nSigIgn:\t").hex(ignored, 16);
        out.put("\nSigCgt:\t").hex(caught, 16).put('\n');
    }

    /** Queued signals of the user: counted for each namespace since 5.14, in an array of its own since 6.0. */
    private static long queued(Credentials credentials) {
        KObject cred = credentials.object();
        Kernel kernel = cred.kernel();
        long type = kernel.types().enumerator("UCOUNT_RLIMIT_SIGPENDING").orElse(-1);
        if (type < 0) {
            return cred.ptr("user").get("sigpending.counter") & 0xffff_ffffL;
        }
        KObject counts = cred.ptr("ucounts");
        return counts.at(counts.has("rlimit") ? "rlimit" : "ucount").index(type).get("counter") & 0xffff_ffffL;
    }
}
