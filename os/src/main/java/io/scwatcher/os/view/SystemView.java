package io.scwatcher.os.view;

import java.util.List;

/**
 * What programs are told about the system and about processes that are not the layer's own. {@link LayerView} answers for a layer without VM. A
 * program can never change anything through it. Safe for several threads; what it cannot read it answers with the nearest truth; {@link #errorOf} tells
 * what the exceptions are that remain.
 */
public interface SystemView {
    /**
     * uname(2), each at most 64 bytes, one {@code char} for each.
     */
    record Names(String system, String node, String release, String version, String machine, String domain) {}

    /**
     * sysinfo(2).
     *
     * @param uptime seconds
     * @param loads the 1, 5 and 15 minute averages, times 65536
     * @param memory the sizes total, free, shared, buffers, total swap, free swap, in bytes
     */
    record Information(long uptime, long[] loads, long[] memory, int processes) {}

    Names names();

    Information information();

    /** What is asked of one of the system's own tasks (a thread's ID serves as well as a process's), or null: ESRCH. Costs little when there is none. */
    ProcessView process(int pid);

    /** Online processors: bit n%64 of word n/64 is processor n. */
    long[] processors();

    /** The lowest process ID that the layer may give to its own processes. */
    int firstFreePid();

    /** The system's network. */
    NetworkView network();

    /** The log of the system's kernel, the oldest record first. */
    default List<LogRecord> log() {
        return List.of();
    }

    /**
     * A record of the kernel's log.
     *
     * @param nanos since the system was booted
     * @param facility as syslog(3) numbers it, and {@code level} likewise
     * @param isContinuation whether it continues the line of an earlier record
     * @param text without a line's end, one {@code char} for each byte
     * @param subsystem of the device that it is about; "" if it is about none
     */
    record LogRecord(long sequence, long nanos, int facility, int level, boolean isContinuation, String text, String subsystem, String device) {}

    /** {@code CLOCK_REALTIME} minus the enclave's own, in nanoseconds: what the system's clock is ahead. */
    default long realTimeOffset() {
        return 0;
    }

    /**
     * What it means to a program that something about the system could not be read.
     *
     * @param failure thrown while a system call asked this view or read a file of the system
     * @return the error number that the system call fails with
     * @throws SystemLostException if there is nothing to ask any more
     * @throws RuntimeException the failure itself, if it is a bug
     */
    default int errorOf(RuntimeException failure) {
        throw failure;
    }

    /** One task of the system. Queries answer at the time of the call; the task may be gone by then: then the last known answer. */
    interface ProcessView {
        int processGroup();

        int session();

        /** The nice value, -20 to 19. */
        int nice();

        /** As {@link SystemView#processors}. */
        long[] affinity();

        /** SCHED_OTHER 0, SCHED_FIFO 1, SCHED_RR 2 ... */
        int schedulingPolicy();

        /** 0, or 1 to 99 for real-time policies. */
        int realTimePriority();

        /** sched_rr_get_interval(2), nanoseconds. */
        long roundRobinInterval();

        /** ioprio_get(2)'s value. */
        int ioPriority();

        /** Real and saved user ID decide who may signal it. */
        int realUser();

        int savedUser();

        /** Whether it is a thread group's leader (its ID is a process's). */
        boolean leader();
    }
}
