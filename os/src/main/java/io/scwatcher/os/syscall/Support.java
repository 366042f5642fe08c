package io.scwatcher.os.syscall;

/** How much of a system call is there. */
public enum Support {
    /** As Linux's manual page says. */
    FULL,
    /** Some of it; the note says what is missing. */
    PARTIAL,
    /** It exists on Linux and always fails here, with the error that a Linux without the feature or the privilege gives. */
    REFUSED
}
