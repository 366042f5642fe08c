package io.scwatcher.os.task;

import java.util.Arrays;

/** The resource limits of a process: struct rlimit[]. Values are unsigned; {@link #INFINITY} is the largest. Safe for several threads. */
public final class ResourceLimits {
    public static final int CPU = 0, FSIZE = 1, DATA = 2, STACK = 3, CORE = 4, RSS = 5, NPROC = 6, NOFILE = 7, MEMLOCK = 8, AS = 9, LOCKS = 10,
            SIGPENDING = 11, MSGQUEUE = 12, NICE = 13, RTPRIO = 14, RTTIME = 15;
    public static final int COUNT = 16;
    public static final long INFINITY = -1;

    private final long[] soft = new long[COUNT];
    private final long[] hard = new long[COUNT];

    /** What Linux gives to the first process of a usual system (INIT_RLIMITS), with systemd's NOFILE. */
    public ResourceLimits() {
        Arrays.fill(soft, INFINITY);
        Arrays.fill(hard, INFINITY);
        set(STACK, 8 << 20, INFINITY);
        set(CORE, 0, INFINITY);
        set(NPROC, 31_000, 31_000);
        set(NOFILE, 1024, 524_288);
        set(MEMLOCK, 8 << 20, 8 << 20);
        set(SIGPENDING, 31_000, 31_000);
        set(MSGQUEUE, 819_200, 819_200);
        set(NICE, 0, 0);
        set(RTPRIO, 0, 0);
    }

    public synchronized ResourceLimits copy() {
        ResourceLimits copy = new ResourceLimits();
        System.arraycopy(soft, 0, copy.soft, 0, COUNT);
        System.arraycopy(hard, 0, copy.hard, 0, COUNT);
        return copy;
    }

    public synchronized long soft(int resource) {
        return soft[resource];
    }

    public synchronized long hard(int resource) {
        return hard[resource];
    }

    public synchronized void set(int resource, long newSoft, long newHard) {
        soft[resource] = newSoft;
        hard[resource] = newHard;
    }
}
