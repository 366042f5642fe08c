package io.scwatcher.os;

import io.scwatcher.cpu.memory.FrameAccount;
import io.scwatcher.os.task.ThreadGroup;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One command in a layer, with all processes that descend from it. It ends when its first process ends: what is left of it is killed then.
 * Safe for several threads.
 */
public final class Run {
    private final Layer layer;
    private final Limits limits;
    private final StandardStreams streams;
    private final AtomicInteger tasks = new AtomicInteger();
    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong cpuNanos = new AtomicLong();
    private final AtomicLong output = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);
    private final RunStatistics statistics = new RunStatistics();
    private volatile ThreadGroup first;
    private volatile int status;
    private volatile String verdict;
    private volatile boolean systemLost;

    Run(Layer layer, Limits limits, StandardStreams streams) {
        this.streams = streams;
        this.layer = layer;
        this.limits = limits;
    }

    void first(ThreadGroup group) {
        first = group;
    }

    public Layer layer() {
        return layer;
    }

    public Limits limits() {
        return limits;
    }

    /** The command's own process. */
    public ThreadGroup first() {
        return first;
    }

    /** Waits until the command and all its descendants are gone and their output is taken; 128 + N if signal N killed it, as a shell has it. */
    public int waitForExit() throws InterruptedException {
        over.await();
        streams.drain();
        int signal = status & 0x7f;
        return signal == 0 ? status >>> 8 & 0xff : 128 + signal;
    }

    /** As wait4(2) would give it, after {@link #waitForExit}. */
    public int status() {
        return status;
    }

    /** Why the layer ended it, or null: one line. */
    public String verdict() {
        return verdict;
    }

    /** Whether it was ended because the system that it asked about is gone, as {@link #verdict} tells. */
    public boolean isSystemLost() {
        return systemLost;
    }

    void systemLost() {
        systemLost = true;
    }

    /** Kills all its processes. */
    public void kill() {
        layer.kill(this, null);
    }

    /** Processor time of tasks that are gone, nanoseconds. */
    public long cpuNanos() {
        return cpuNanos.get();
    }

    void verdict(String line) {
        if (verdict == null) {
            verdict = line;
        }
    }

    /** One task more; false at the limit. */
    public boolean acquireTask() {
        if (tasks.incrementAndGet() <= limits.processes()) {
            return true;
        }
        tasks.decrementAndGet();
        return false;
    }

    /** A task is gone. @param nanos what it used */
    public void releaseTask(long nanos) {
        cpuNanos.addAndGet(nanos);
        if (tasks.decrementAndGet() == 0) {
            over.countDown();
        }
    }

    /** The first process ended. */
    public void firstEnded(int waitStatus) {
        status = waitStatus;
        layer.kill(this, null);
    }

    /** Counts the frames of its processes. */
    public FrameAccount account() {
        return new FrameAccount() {
            @Override
            public boolean acquire() {
                if (frames.incrementAndGet() <= limits.memory() >>> 12) {
                    statistics.frameTaken();
                    return true;
                }
                frames.decrementAndGet();
                return false;
            }

            @Override
            public void release() {
                frames.decrementAndGet();
            }
        };
    }

    /** What its tasks count. */
    public RunStatistics statistics() {
        return statistics;
    }

    /** What they have counted so far; what a task did in guest code is in it when the task is gone. */
    public Counters counters() {
        return statistics.read(cpuNanos());
    }

    /** Frames in use by its processes, for statistics. */
    public long frames() {
        return frames.get();
    }

    /** So many bytes left the layer: beyond the limit that ends it. */
    public void countOutput(long bytes) {
        if (output.addAndGet(bytes) > limits.output()) {
            layer.kill(this, "killed: more than " + limits.output() + " bytes of output");
        }
    }
}
