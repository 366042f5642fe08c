package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.Arrays;
import java.util.function.ToLongFunction;

/** Sums over the CPUs' run queues (kernel/sched/core.c). */
public final class RunQueues {
    private final Kernel kernel;
    private final Variables variables;

    public RunQueues(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    /** {@code nr_running}: over the online CPUs. */
    public long running() {
        return sum(kernel.onlineCpus(), rq -> rq.get("nr_running"));
    }

    /** {@code nr_iowait}: over all possible CPUs. */
    public long waitingForIo() {
        return sum(kernel.possibleCpus(), rq -> rq.get("nr_iowait"));
    }

    /** {@code nr_context_switches}. */
    public long contextSwitches() {
        return sum(kernel.possibleCpus(), rq -> rq.get("nr_switches"));
    }

    private long sum(int[] cpus, ToLongFunction<KObject> of) {
        return Arrays.stream(cpus).mapToLong(cpu -> of.applyAsLong(variables.perCpu("runqueues", "rq", cpu))).sum();
    }
}
