package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;

/** What a task is doing, in the letters of ps(1): {@code task_state_index} (include/linux/sched.h). */
public enum TaskState {
    RUNNING("R (running)"),
    SLEEPING("S (sleeping)"),
    DISK_SLEEP("D (disk sleep)"),
    STOPPED("T (stopped)"),
    TRACING_STOP("t (tracing stop)"),
    DEAD("X (dead)"),
    ZOMBIE("Z (zombie)"),
    PARKED("P (parked)"),
    IDLE("I (idle)");

    private static final int REPORTED = 0x7f;
    private static final int UNINTERRUPTIBLE = 0x2;
    private static final int IDLE_BITS = UNINTERRUPTIBLE | 0x400;
    private static final int RTLOCK_WAIT = 0x1000;
    private static final int FROZEN = 0x8000;

    private static final TaskState[] BY_INDEX = values();

    private final String text;

    TaskState(String text) {
        this.text = text;
    }

    /** As in {@code S (sleeping)}. */
    public String text() {
        return text;
    }

    public char letter() {
        return text.charAt(0);
    }

    static TaskState of(KObject task) {
        // 5.14 renamed "state"; with the new name came the bits above TASK_NEW.
        boolean renamed = task.has("__state");
        return of((int) task.get(renamed ? "__state" : "state"), task.getInt("exit_state"), renamed);
    }

    static TaskState of(int state, int exitState, boolean highBits) {
        int reported = (state | exitState) & REPORTED;
        if (highBits ? (state & IDLE_BITS) == IDLE_BITS : state == IDLE_BITS) {
            return IDLE;
        }
        if (highBits && (state & (RTLOCK_WAIT | FROZEN)) != 0) {
            return DISK_SLEEP;
        }
        return BY_INDEX[Integer.SIZE - Integer.numberOfLeadingZeros(reported)];
    }
}
