package io.scwatcher.os.task;

/**
 * Processor time of a task, in nanoseconds: the time in which it neither slept nor waited for its turn. How much of it was spent in system calls
 * is sampled by the ticker and scaled to the whole, as cputime_adjust of kernel/sched/cputime.c does. Written by the task, read by anybody.
 */
public final class CpuTime {
    private volatile long total;
    private volatile long resumedAt;
    private volatile boolean running;
    /** Only the ticker looks at it from outside, and may see it late. */
    private boolean inSystemCall;
    private volatile int userTicks;
    private volatile int systemTicks;

    /** The task begins to run. */
    void resume() {
        resumedAt = System.nanoTime();
        running = true;
    }

    /** The task stops running. */
    void pause() {
        total += System.nanoTime() - resumedAt;
        running = false;
    }

    /** @return {@link #total} */
    long enterSystemCall() {
        inSystemCall = true;
        return total();
    }

    /** @return {@link #total} */
    long leaveSystemCall() {
        inSystemCall = false;
        return total();
    }

    /** Whether the task neither sleeps nor waits for its turn. */
    public boolean running() {
        return running;
    }

    boolean inSystemCall() {
        return inSystemCall;
    }

    /** The ticker saw the task running. */
    void tick() {
        if (inSystemCall) {
            systemTicks++;
        } else {
            userTicks++;
        }
    }

    public long total() {
        // a pause between the two reads may count a moment twice, which later calls correct
        long before = total;
        return running ? before + Math.max(0, System.nanoTime() - resumedAt) : total;
    }

    public long system() {
        int system = systemTicks;
        int all = system + userTicks;
        return all == 0 ? 0 : (long) (total() * ((double) system / all));
    }

    public long user() {
        return total() - system();
    }
}
