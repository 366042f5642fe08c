package io.scwatcher.vprocfs.pid;

/** Where a task sleeps in the kernel. */
final class WaitChannel {
    private WaitChannel() {}

    /** The {@code wchan} field of /proc/PID/stat: since 5.16 whether the task is not running. */
    static int flag(TaskView view) {
        return view.object().get(view.object().has("__state") ? "__state" : "state") == 0 ? 0 : 1;
    }
}
