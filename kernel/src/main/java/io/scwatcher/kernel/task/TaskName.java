package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;

/** A task's name as /proc shows it: {@code proc_task_name} (fs/proc/array.c), with what kernel threads add to it. */
public final class TaskName {
    private static final int LONGEST = 63;

    private TaskName() {}

    public static String of(Task task) {
        int flags = task.flags();
        String name = task.comm();
        if ((flags & Task.PF_WQ_WORKER) != 0) {
            name = workerName(task, name);
        } else if ((flags & Task.PF_KTHREAD) != 0) {
            name = kernelThreadName(task, name);
        }
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }

    /** {@code get_kthread_comm}, 5.17: the name before it was cut to 15 bytes. */
    private static String kernelThreadName(Task task, String comm) {
        KObject thread = thread(task);
        if (thread == null || !thread.has("full_name") || thread.get("full_name") == 0) {
            return comm;
        }
        return thread.string("full_name", LONGEST);
    }

    /** {@code wq_worker_comm} (kernel/workqueue.c): with what the worker does or did last. */
    private static String workerName(Task task, String comm) {
        KObject thread = thread(task);
        if (thread == null || thread.get("data") == 0) {
            return comm;
        }
        Kernel kernel = task.kernel();
        KObject worker = kernel.at(thread.get("data"), "worker");
        KObject pool = worker.ptr("pool");
        // 6.11 composes the name anew instead of showing the task's own.
        String name = kernel.symbols().has("format_worker_id") ? workerId(worker, pool) : comm;
        String description = pool.isNull() ? "" : worker.string("desc", 32);
        return description.isEmpty() ? name
                : name + (worker.get("current_work") != 0 ? '+' : '-') + description;
    }

    private static String workerId(KObject worker, KObject pool) {
        if (worker.get("rescue_wq") != 0) {
            return "kworker/R-" + worker.ptr("rescue_wq").string("name", 32);
        }
        if (pool.isNull()) {
            return "kworker/dying";
        }
        int cpu = pool.getInt("cpu");
        int id = worker.getInt("id");
        if (cpu < 0) {
            return "kworker/u" + pool.getInt("id") + ":" + id;
        }
        return "kworker/" + cpu + ":" + id + (pool.ptr("attrs").getInt("nice") < 0 ? "H" : "");
    }

    /** {@code to_kthread}: kept in {@code set_child_tid} until 5.16. */
    private static KObject thread(Task task) {
        KObject object = task.object();
        long thread = object.get(object.has("worker_private") ? "worker_private" : "set_child_tid");
        return thread == 0 || !task.isKernelThread() ? null : task.kernel().at(thread, "kthread");
    }
}
