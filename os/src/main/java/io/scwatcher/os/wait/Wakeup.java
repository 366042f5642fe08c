package io.scwatcher.os.wait;

/** How a sleep ended. */
public enum Wakeup {
    /** What was waited for is there. */
    READY,
    /** A signal is to be handled, or the task is to die: the system call returns one of the ERESTART numbers, or EINTR. */
    INTERRUPTED,
    TIMED_OUT
}
