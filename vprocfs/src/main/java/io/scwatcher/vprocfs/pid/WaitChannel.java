package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.unwind.KernelCode;
import io.scwatcher.kernel.unwind.Unwinder;
import io.scwatcher.vprocfs.ProcText;

/** Where a task sleeps in the kernel: /proc/PID/wchan, /proc/PID/stack, a field of /proc/PID/stat. */
final class WaitChannel {
    private WaitChannel() {}

    /** fs/proc/base.c {@code proc_pid_wchan}: no line feed. */
    static void wchan(TaskView view, ProcText out) {
        view.requireAlive();
        Unwinder unwinder = unwinder(view);
        long address = unwinder.wchan(view.task());
        KernelCode.Place place = address == 0 ? null : unwinder.code().find(address);
        out.put(place == null ? "0" : place.symbol());
    }

    /** {@code proc_pid_stack}; addresses have been hidden since 4.11. */
    static void stack(TaskView view, ProcText out) {
        view.requireAlive();
        Unwinder unwinder = unwinder(view);
        for (long address : unwinder.trace(view.task())) {
            out.put("[<0>] ");
            // The return address can lie behind the function that calls.
            KernelCode.Place place = unwinder.code().find(address - 1);
            if (place == null) {
                out.put("0x").hex(address);
            } else {
                out.put(place.symbol()).put("+0x").hex(place.offset() + 1).put("/0x").hex(place.size());
                out.put(place.module() == null ? "" : " [" + place.module() + "]");
            }
            out.put('\n');
        }
    }

    /** The {@code wchan} field of /proc/PID/stat: since 5.16 whether the task is not running. */
    static int flag(TaskView view) {
        if (view.kernel().symbols().has("__get_wchan")) {
            return view.object().get(view.object().has("__state") ? "__state" : "state") == 0 ? 0 : 1;
        }
        return unwinder(view).wchan(view.task()) == 0 ? 0 : 1;
    }

    private static Unwinder unwinder(TaskView view) {
        return view.view().remember("unwinder", () -> new Unwinder(view.kernel()));
    }
}
