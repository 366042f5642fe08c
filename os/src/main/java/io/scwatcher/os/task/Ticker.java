package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Signal.SIGKILL;

import io.scwatcher.os.Layer;
import io.scwatcher.os.Run;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks every ten milliseconds at the tasks that run: accounts their time, checks limits of processor time, lets others have a turn. A thread of its own,
 * which rests while there are no tasks.
 */
public final class Ticker implements AutoCloseable {
    private static final long PERIOD = 10_000_000;
    private static final int ENTRIES_PER_FRAME = 64;

    private final Layer layer;
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean resting;

    public Ticker(Layer layer) {
        this.layer = layer;
        this.thread = Thread.ofPlatform().daemon().name("ticker").unstarted(this::run);
    }

    /** There is a task again. */
    public void wake() {
        if (thread.getState() == Thread.State.NEW) {
            synchronized (this) {
                if (thread.getState() == Thread.State.NEW) {
                    thread.start();
                }
            }
        }
        if (resting) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(PERIOD);
            if (!tickSafely()) {
                resting = true;
                if (!tickSafely() && !closed) {
                    LockSupport.park();
                }
                resting = false;
            }
        }
    }

    /** Limits must be watched in the worst of times, too. */
    private boolean tickSafely() {
        try {
            return tick();
        } catch (OutOfMemoryError e) {
            return true;
        }
    }

    /** @return false if there are no tasks */
    private boolean tick() {
        boolean[] any = {false};
        Map<Run, Long> used = new HashMap<>();
        layer.processes().forEachTask(task -> {
            any[0] = true;
            if (!task.alive()) {
                return;
            }
            Run run = task.group().run();
            used.merge(run, task.cpuTime().total(), Long::sum);
            if (task.cpuTime().running()) {
                task.cpuTime().tick();
                task.group().timers().tick();
                checkPageTables(task);
            }
        });
        used.forEach((run, nanos) -> {
            if (nanos + run.cpuNanos() > run.limits().cpuNanos()) {
                layer.outOfTime(run);
            }
        });
        return any[0];
    }

    /** Pages that were only read cost no frame, but a page table entry each: as much memory as a 64th of a frame. */
    private void checkPageTables(Task task) {
        Run run = task.group().run();
        task.mm().peakPages();
        if (run.frames() + task.mm().space().residentPages() / ENTRIES_PER_FRAME > run.limits().memory() / 4096) {
            layer.outOfMemory(task);
            GroupExit.begin(task.group(), SIGKILL);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
