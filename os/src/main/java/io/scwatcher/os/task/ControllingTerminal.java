package io.scwatcher.os.task;

/** What a session needs to know of its terminal; terminals implement it. */
public interface ControllingTerminal {
    /** The session leader ended: the terminal belongs to nobody now. Called with the lock of the process table held. */
    void disassociate();

    /** tcgetpgrp(3). */
    int foregroundGroup();

    /** {@code st_rdev}, for /proc/PID/stat. */
    long device();
}
