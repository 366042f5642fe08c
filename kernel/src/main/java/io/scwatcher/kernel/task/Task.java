package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.mm.Mm;
import java.util.ArrayList;
import java.util.List;

/**
 * A thread: one {@code task_struct}. A process is its thread group leader.
 *
 * @param object the {@code struct task_struct}
 */
public record Task(KObject object) {
    /** {@code PF_*} of include/linux/sched.h: macros, thus not in the type information; the same since 4.19. */
    public static final int PF_EXITING = 0x4;
    public static final int PF_WQ_WORKER = 0x20;
    public static final int PF_DUMPCORE = 0x200;
    public static final int PF_KTHREAD = 0x0020_0000;

    /** More threads than a kernel can have PIDs ({@code PID_MAX_LIMIT}). */
    static final int MOST_TASKS = 4 << 20;

    public Kernel kernel() {
        return object.kernel();
    }

    public long get(String path) {
        return object.get(path);
    }

    /** The global thread id, as the initial PID namespace has it. */
    public int tid() {
        return object.getInt("pid");
    }

    /** The global process id. */
    public int tgid() {
        return object.getInt("tgid");
    }

    public int flags() {
        return object.getInt("flags");
    }

    public boolean isKernelThread() {
        return (flags() & PF_KTHREAD) != 0;
    }

    public TaskState state() {
        return TaskState.of(object);
    }

    /** {@code __get_task_comm}: the bare name, at most 15 bytes. */
    public String comm() {
        return object.string("comm", 16);
    }

    public Task leader() {
        return new Task(object.ptr("group_leader"));
    }

    public boolean isLeader() {
        return object.get("group_leader") == object.address();
    }

    /** {@code real_parent}: who forked it, or who inherited it. */
    public Task realParent() {
        return new Task(object.ptr("real_parent"));
    }

    /** {@code struct signal_struct}, shared by the thread group. */
    public KObject signal() {
        return object.ptr("signal");
    }

    /** {@code struct sighand_struct}; null once the task was reaped. */
    public KObject sighand() {
        return object.ptr("sighand");
    }

    /** The objective credentials, {@code __task_cred}. */
    public Credentials credentials() {
        return new Credentials(object.ptr("real_cred"));
    }

    /** {@code get_task_mm}: the address space, or null for kernel threads (also while they borrow one) and zombies. */
    public Mm mm() {
        long mm = object.get("mm");
        return mm == 0 || isKernelThread() ? null : new Mm(object.ptr("mm"));
    }

    /** Whether it was not yet reaped: {@code pid_alive}. */
    public boolean isAlive() {
        return object.has("thread_pid") ? object.get("thread_pid") != 0 : object.get("pids[0].pid") != 0;
    }

    /** The {@code struct pid} by which it is known in the given role; an object with address 0 if none. */
    public KObject pid(PidType type) {
        if (!object.has("thread_pid")) {
            return leaderFor(type).object.ptr("pids[" + type.legacyIndex() + "].pid");
        }
        return type == PidType.PID ? object.ptr("thread_pid") : signal().ptr("pids[" + type.ordinal() + "]");
    }

    /** All threads of the group, the leader first: {@code for_each_thread}. */
    public List<Task> threads() {
        List<Task> threads = new ArrayList<>();
        KObject head = signal().at("thread_head");
        for (KObject thread : Lists.list(head, "task_struct", "thread_node")) {
            threads.add(new Task(thread));
            if (threads.size() >= MOST_TASKS) {
                break;
            }
        }
        return threads;
    }

    /** {@code get_nr_threads}. */
    public int threadCount() {
        return signal().getInt("nr_threads");
    }

    public boolean isSameGroup(Task other) {
        return object.get("signal") == other.object.get("signal");
    }

    /** {@code task_cpu}: the processor it runs or last ran on. */
    public int cpu() {
        return object.getInt(object.has("thread_info.cpu") ? "thread_info.cpu"
                : object.has("wake_cpu") && !object.has("cpu") ? "wake_cpu" : "cpu");
    }

    /** Whether a processor is executing it right now, {@code task_curr}. */
    public boolean isOnCpu() {
        return object.getOr("on_cpu", 0) != 0;
    }

    private Task leaderFor(PidType type) {
        return type == PidType.PID ? this : leader();
    }
}
