package io.scwatcher.enclave.view;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.CpuMasks;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.kernel.task.PidType;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.os.view.SystemView.ProcessView;
import java.util.function.Supplier;

/** A task of the VM, as the system calls about other processes see it (kernel/sys.c, kernel/sched/core.c, block/ioprio.c). */
final class VmProcess implements ProcessView {
    private static final int DEFAULT_PRIORITY = 120;
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_RR = 2;
    private static final int SCHED_BATCH = 3;
    private static final int SCHED_IDLE = 5;
    private static final int SCHED_RESET_ON_FORK = 0x40000000;
    /** IOPRIO_PRIO_VALUE(IOPRIO_CLASS_NONE, IOPRIO_NORM). */
    private static final int OLD_IO_PRIORITY = 4;

    private final Task task;

    VmProcess(Task task) {
        this.task = task;
    }

    @Override
    public int processGroup() {
        return (int) number(() -> PidNamespace.initial(task.kernel()).number(task, PidType.PGID));
    }

    @Override
    public int session() {
        return (int) number(() -> PidNamespace.initial(task.kernel()).number(task, PidType.SID));
    }

    @Override
    public int nice() {
        return (int) number(() -> task.object().getInt("static_prio") - DEFAULT_PRIORITY);
    }

    /** {@code cpus_mask} as far as the CPUs are active. */
    @Override
    public long[] affinity() {
        Kernel kernel = task.kernel();
        return VmView.read(kernel, () -> {
            KObject object = task.object();
            long[] allowed = VmView.words(CpuMasks.of(object.has("cpus_mask") ? object.at("cpus_mask") : object.at("cpus_allowed")));
            long[] active = VmView.words(CpuMasks.of(kernel, kernel.address("__cpu_active_mask")));
            for (int i = 0; i < allowed.length; i++) {
                allowed[i] &= i < active.length ? active[i] : 0;
            }
            return allowed;
        }, new long[1]);
    }

    @Override
    public int schedulingPolicy() {
        return (int) number(() -> task.get("policy") | (task.get("sched_reset_on_fork") != 0 ? SCHED_RESET_ON_FORK : 0));
    }

    @Override
    public int realTimePriority() {
        return (int) number(() -> task.get("rt_priority"));
    }

    /** In whole jiffies, as {@code sched_rr_get_interval} counts; 0 for ordinary tasks of a CPU on which none is runnable. */
    @Override
    public long roundRobinInterval() {
        return number(() -> {
            Kernel kernel = task.kernel();
            long jiffy = 1_000_000_000L / Timekeeping.hz(kernel);
            int policy = (int) task.get("policy");
            if (policy == SCHED_RR) {
                return new Variables(kernel).s32("sched_rr_timeslice") * jiffy;
            }
            if (policy != SCHED_OTHER && policy != SCHED_BATCH && policy != SCHED_IDLE) {
                return 0;
            }
            KObject queue = new Variables(kernel).perCpu("runqueues", "rq", task.cpu());
            return queue.get("cfs.load.weight") == 0 ? 0 : slice(queue) / jiffy * jiffy;
        });
    }

    /** {@code se.slice} since 6.6; before, {@code sched_slice}: the task's share of the period by the weights of the groups above it. */
    private long slice(KObject queue) {
        KObject entity = task.object().at("se");
        if (entity.has("slice")) {
            return entity.get("slice");
        }
        Variables variables = new Variables(task.kernel());
        boolean idle = entity.get("on_rq") == 0;
        long least = variables.u32("sysctl_sched_min_granularity");
        long running = queue.get("cfs.h_nr_running") + (idle ? 1 : 0);
        long slice = running > variables.u32("sched_nr_latency") ? running * least : variables.u32("sysctl_sched_latency");
        boolean groups = entity.has("cfs_rq");
        int depth = 0;
        for (KObject each = entity; !each.isNull() && depth < 64; depth++) {
            KObject owner = groups ? each.ptr("cfs_rq") : queue.at("cfs");
            long weight = each.get("load.weight");
            long total = owner.get("load.weight") + (each.get("on_rq") == 0 ? weight : 0);
            slice = total == 0 ? slice : slice * weight / total;
            if (!groups) {
                break;
            }
            each = each.ptr("parent");
        }
        return Math.max(slice, least);
    }

    @Override
    public int ioPriority() {
        return (int) number(() -> {
            KObject context = task.object().ptr("io_context");
            if (!context.isNull()) {
                return context.get("ioprio");
            }
            // The default lost its level together with the count of a context's tasks (5.18).
            return task.kernel().types().struct("io_context").has("nr_tasks") ? OLD_IO_PRIORITY : 0;
        });
    }

    @Override
    public int realUser() {
        return (int) number(() -> task.credentials().uid("uid"));
    }

    @Override
    public int savedUser() {
        return (int) number(() -> task.credentials().uid("suid"));
    }

    @Override
    public boolean leader() {
        return VmView.read(task.kernel(), task::isLeader, false);
    }

    private long number(Supplier<? extends Number> question) {
        return VmView.read(task.kernel(), () -> question.get().longValue(), 0L);
    }
}
