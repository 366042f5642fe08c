package io.scwatcher.os.fs.poll;

import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.WaitQueue;
import io.scwatcher.os.wait.Wakeup;
import java.util.ArrayList;
import java.util.List;

/** Waiting for one of several files: what select(2) and poll(2) have in common (fs/select.c, {@code do_poll}). For one task and one use. */
public final class Poll {
    private final Task task;
    private final List<FileDescription> files = new ArrayList<>();
    private final List<Integer> wanted = new ArrayList<>();
    private int[] found;

    public Poll(Task task) {
        this.task = task;
    }

    /** Adds a file, or null for a number that stands for none. @param events of {@link PollEvents}; errors are always wanted */
    public void add(FileDescription file, int events) {
        addExactly(file, events | PollEvents.POLLERR | PollEvents.POLLHUP);
    }

    /** Adds a file of which errors are not wanted if not asked for: select(2) looks for exceptions alone. */
    public void addExactly(FileDescription file, int events) {
        files.add(file);
        wanted.add(events);
    }

    /** What is ready of the file that was added at that place. */
    public int found(int index) {
        return found[index];
    }

    /**
     * Waits until something is ready.
     *
     * @param deadline of {@link System#nanoTime}, or {@link Task#NEVER}; 0 for not waiting
     */
    public Wakeup await(long deadline) {
        found = new int[files.size()];
        if (ready()) {
            return Wakeup.READY;
        }
        if (deadline == 0) {
            return Wakeup.TIMED_OUT;
        }
        List<WaitQueue> queues = new ArrayList<>();
        for (FileDescription file : files) {
            WaitQueue queue = file == null ? null : file.waitQueue();
            if (queue != null) {
                file.acquire();
                queue.register(task.waiter());
                queues.add(queue);
            }
        }
        try {
            return task.sleep(deadline, this::ready);
        } finally {
            queues.forEach(queue -> queue.unregister(task.waiter()));
            files.forEach(Poll::release);
        }
    }

    private static void release(FileDescription file) {
        if (file != null && file.waitQueue() != null) {
            file.release();
        }
    }

    private boolean ready() {
        boolean any = false;
        for (int i = 0; i < found.length; i++) {
            FileDescription file = files.get(i);
            found[i] = file == null ? 0 : file.poll() & wanted.get(i);
            any |= found[i] != 0;
        }
        return any;
    }
}
