package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/** Finding tasks. */
public final class Tasks {
    private Tasks() {}

    /** Every process (thread group leader) by the kernel's own list, {@code for_each_process}; without the idle task. */
    public static List<Task> all(Kernel kernel) {
        List<Task> found = new ArrayList<>();
        KObject head = kernel.object("init_task", "task_struct").at("tasks");
        for (KObject task : Lists.list(head, "task_struct", "tasks")) {
            found.add(new Task(task));
        }
        return found;
    }

    /** The thread of that number in a PID namespace, or null. */
    public static Task byPid(Kernel kernel, PidNamespace namespace, int number) {
        return namespace.find(number);
    }

    /** The thread of that number in the initial PID namespace, or null. */
    public static Task byPid(Kernel kernel, int number) {
        return byPid(kernel, PidNamespace.initial(kernel), number);
    }
}
