package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vprocfs.ProcText;

/** The end of /proc/PID/sched: kernel/sched/debug.c {@code sched_show_numa}, fair.c {@code show_numa_stats}. */
final class NumaFaults {
    private static final int MOST_NODES = 1024;

    private NumaFaults() {}

    static void print(Task task, ProcText out) {
        KObject object = task.object();
        if (!object.has("numa_pages_migrated")) {
            return;
        }
        Kernel kernel = task.kernel();
        if (object.get("mm") != 0) {
            SchedFile.value("mm->numa_scan_seq", object.ptr("mm").get("numa_scan_seq"), out);
        }
        SchedFile.value("numa_pages_migrated", object.get("numa_pages_migrated"), out);
        SchedFile.value("numa_preferred_nid", object.get("numa_preferred_nid"), out);
        SchedFile.value("total_numa_faults", object.get("total_numa_faults"), out);
        KObject group = object.has("numa_group") && object.get("numa_group") != 0 ? object.ptr("numa_group") : null;
        out.put("current_node=").dec(node(kernel, task.cpu())).put(", numa_group_id=");
        out.dec(group == null ? 0 : group.getInt("gid")).put('\n');
        long faults = object.get("numa_faults");
        long groupFaults = group == null ? 0 : group.at("faults").address();
        int nodes = nodeCount(kernel);
        for (int node = 0; node < nodes; node++) {
            out.put("numa_faults node=").dec(node);
            out.put(" task_private=").unsigned(fault(kernel, faults, node, 1));
            out.put(" task_shared=").unsigned(fault(kernel, faults, node, 0));
            out.put(" group_private=").unsigned(fault(kernel, groupFaults, node, 1));
            out.put(" group_shared=").unsigned(fault(kernel, groupFaults, node, 0)).put('\n');
        }
    }

    private static long fault(Kernel kernel, long faults, int node, int isPrivate) {
        return faults == 0 ? 0 : kernel.memory().u64(faults + (2L * node + isPrivate) * Long.BYTES);
    }

    private static int node(Kernel kernel, int cpu) {
        return kernel.symbols().has("numa_node")
                ? (int) kernel.memory().u32(kernel.perCpu(kernel.address("numa_node"), cpu)) : 0;
    }

    private static int nodeCount(Kernel kernel) {
        return kernel.symbols().has("nr_online_nodes")
                ? Math.clamp(kernel.memory().u32(kernel.address("nr_online_nodes")), 1, MOST_NODES) : 1;
    }
}
