package io.scwatcher.os.task;

/** What a task was told about its scheduling. It is remembered and reported; tasks are scheduled by the JVM all the same. */
final class Scheduling {
    static final int SCHED_OTHER = 0, SCHED_FIFO = 1, SCHED_RR = 2, SCHED_BATCH = 3, SCHED_IDLE = 5, SCHED_DEADLINE = 6;

    int policy;
    int priority;
    boolean resetOnFork;
    /** Null for all processors. */
    long[] affinity;

    void copyFrom(Scheduling parent) {
        affinity = parent.affinity;
        if (!parent.resetOnFork) {
            policy = parent.policy;
            priority = parent.priority;
        }
    }

    /** Whether a policy has static priorities 1 to 99. */
    static boolean realTime(int policy) {
        return policy == SCHED_FIFO || policy == SCHED_RR;
    }

    static boolean known(int policy) {
        return policy >= SCHED_OTHER && policy <= SCHED_DEADLINE && policy != 4;
    }
}
