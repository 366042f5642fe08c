package io.scwatcher.os.task;

/** What a session needs to know of its terminal; terminals implement it. */
public interface ControllingTerminal {
    /** The session leader ended: the terminal belongs to nobody now. */
    void disassociate();

    /** tcgetpgrp(3). */
    int foregroundGroup();

    /** {@code st_rdev}, for /proc/PID/stat. */
    long device();
}
