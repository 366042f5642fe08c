package io.scwatcher.os.task;

import io.scwatcher.os.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The layer's own tasks by ID. Its monitor is the one lock of all relations between processes, of signals and of waiting: what Linux
 * guards by tasklist_lock and siglock. It comes last in the lock order: whoever holds it takes no other lock but those of wait queues.
 */
public final class Processes {
    /** IDs given out: a window above the system's own. */
    static final int WINDOW = 1 << 15;

    private final int first;
    private final AtomicReferenceArray<Task> tasks = new AtomicReferenceArray<>(WINDOW);
    private final Set<ThreadGroup> groups = new LinkedHashSet<>();
    private final Map<Integer, Integer> groupsAndSessions = new HashMap<>();
    private int next;

    /** @param first the lowest ID to give */
    public Processes(int first) {
        this.first = first;
    }

    /** The task of that ID, alive or an unreaped leader; or null. Without lock, without garbage. */
    public Task task(int id) {
        int index = id - first;
        return index >= 0 && index < WINDOW ? tasks.getAcquire(index) : null;
    }

    /** The process of that ID, or null. */
    public ThreadGroup group(int id) {
        Task task = task(id);
        return task != null && task.group().id() == id ? task.group() : null;
    }

    /** Whether an ID would be one of the layer's own. */
    public boolean owns(int id) {
        return id >= first && id < first + WINDOW;
    }

    /** All processes, zombies too, oldest first; a copy. */
    public synchronized List<ThreadGroup> groups() {
        return new ArrayList<>(groups);
    }

    public synchronized List<ThreadGroup> groupsOf(Run run) {
        return groups.stream().filter(group -> group.run() == run).toList();
    }

    /** Processes of a process group, zombies too; a copy. */
    public synchronized List<ThreadGroup> processGroup(int id) {
        List<ThreadGroup> members = new ArrayList<>();
        for (ThreadGroup group : groups) {
            if (group.processGroup == id) {
                members.add(group);
            }
        }
        return members;
    }

    /** @return a free ID, or -1 if there is none */
    synchronized int allocate() {
        for (int i = 0; i < WINDOW; i++) {
            int index = (next + i) % WINDOW;
            if (tasks.getPlain(index) == null && !groupsAndSessions.containsKey(first + index)) {
                next = index + 1;
                return first + index;
            }
        }
        return -1;
    }

    synchronized void add(Task task) {
        tasks.setRelease(task.id() - first, task);
        if (task.id() == task.group().id()) {
            groups.add(task.group());
        }
    }

    /** The task stands for its process from now on; the old leader is forgotten. */
    synchronized void replace(Task leader) {
        tasks.setRelease(leader.id() - first, leader);
    }

    synchronized void remove(Task task) {
        tasks.setRelease(task.id() - first, null);
        if (task.id() == task.group().id()) {
            groups.remove(task.group());
        }
    }

    /** An ID is in use as a process group's or session's, once more. */
    synchronized void use(int id) {
        groupsAndSessions.merge(id, 1, Integer::sum);
    }

    synchronized void disuse(int id) {
        groupsAndSessions.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
    }

    /** Every live task. */
    void forEachTask(Consumer<Task> action) {
        for (int i = 0; i < WINDOW; i++) {
            Task task = tasks.getAcquire(i);
            if (task != null) {
                action.accept(task);
            }
        }
    }
}
