package io.scwatcher.kernel.task;

/** {@code enum pid_type} (include/linux/pid.h) in its order since 4.19. */
public enum PidType {
    PID, TGID, PGID, SID;

    /** The index into {@code task_struct.pids} before 4.19, when a process was known by its leader's PID. */
    int legacyIndex() {
        return Math.max(0, ordinal() - 1);
    }
}
