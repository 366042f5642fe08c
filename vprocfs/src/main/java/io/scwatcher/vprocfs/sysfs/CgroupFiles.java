package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.fs.KernfsNode;
import io.scwatcher.kernel.task.Cgroups;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.kernel.task.PidType;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vprocfs.ProcText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the files of control groups say (kernel/cgroup/cgroup.c, Documentation/admin-guide/cgroup-v2.rst): those of the core. */
final class CgroupFiles implements KernfsDirectory.Printers {
    private static final int MOST_TASKS = 1 << 22;
    private static final int LONGEST_NAME = 64;
    private static final long NO_LIMIT = Integer.MAX_VALUE;

    private final Kernel kernel;

    CgroupFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Consumer<ProcText> of(KernfsNode file) {
        KObject group = kernel.at(file.parent().data(), "cgroup");
        return switch (file.name()) {
            case "cgroup.procs" -> out -> printTasks(group, true, out);
            case "cgroup.threads", "tasks" -> out -> printTasks(group, false, out);
            case "cgroup.controllers" -> out -> printControllers(available(group), out);
            case "cgroup.subtree_control" -> out -> printControllers(group.get("subtree_control"), out);
            case "cgroup.max.descendants" -> out -> printLimit(group.get("max_descendants"), out);
            case "cgroup.max.depth" -> out -> printLimit(group.get("max_depth"), out);
            case "cgroup.events" -> out -> out.put("populated ").put(isPopulated(group) ? '1' : '0').put("\nfrozen ")
                    .put((group.get("flags") >>> kernel.types().enumerator("CGRP_FROZEN").orElse(63) & 1) != 0 ? '1' : '0').put('\n');
            case "cgroup.freeze" -> out -> out.put(group.get("freezer.freeze") != 0 ? "1\n" : "0\n");
            default -> null;
        };
    }

    /** {@code cgroup_control}: what the group above passes on; at the top what this hierarchy has. */
    private long available(KObject group) {
        KernfsNode above = new KernfsNode(group.ptr("kn")).parent();
        if (above == null) {
            return group.ptr("root").get("subsys_mask");
        }
        return kernel.at(above.data(), "cgroup").get("subtree_control");
    }

    private void printControllers(long mask, ProcText out) {
        long implicit = kernel.symbols().find("cgrp_dfl_implicit_ss_mask").isPresent() ? kernel.memory().u16(kernel.address("cgrp_dfl_implicit_ss_mask")) : 0;
        long inhibited = kernel.symbols().find("cgrp_dfl_inhibit_ss_mask").isPresent() ? kernel.memory().u16(kernel.address("cgrp_dfl_inhibit_ss_mask")) : 0;
        int count = (int) Math.clamp(kernel.types().enumerator("CGROUP_SUBSYS_COUNT").orElse(0), 0L, Short.SIZE);
        String blank = "";
        for (int i = 0; i < count; i++) {
            if ((mask & ~implicit & ~inhibited) >> i << 63 != 0) {
                long subsystem = kernel.memory().u64(kernel.address("cgroup_subsys") + (long) i * Long.BYTES);
                out.put(blank).put(kernel.at(subsystem, "cgroup_subsys").string("name", LONGEST_NAME));
                blank = " ";
            }
        }
        out.put(blank.isEmpty() ? "" : "\n");
    }

    /** {@code css_task_iter}: the tasks of all sets that belong to the group; v1 sorts them. */
    private void printTasks(KObject group, boolean leaders, ProcText out) {
        List<Integer> numbers = new ArrayList<>();
        PidNamespace namespace = PidNamespace.initial(kernel);
        for (KObject link : Lists.list(group.at("cset_links"), "cgrp_cset_link", "cset_link")) {
            KObject set = link.ptr("cset");
            for (String list : new String[] {"tasks", "mg_tasks"}) {
                for (KObject object : Lists.list(set.at(list), "task_struct", "cg_list")) {
                    Task task = new Task(object);
                    if ((!leaders || task.isLeader()) && numbers.size() < MOST_TASKS) {
                        numbers.add(namespace.number(task, PidType.PID));
                    }
                }
            }
        }
        if (!new Cgroups(kernel).isUnified(group.ptr("root"))) {
            numbers.sort(null);
        }
        numbers.forEach(number -> out.dec(number).put('\n'));
    }

    private static boolean isPopulated(KObject group) {
        return group.get("nr_populated_csets") + group.get("nr_populated_domain_children") + group.get("nr_populated_threaded_children") != 0;
    }

    private static void printLimit(long limit, ProcText out) {
        if ((int) limit == NO_LIMIT) {
            out.put("max\n");
        } else {
            out.dec((int) limit).put('\n');
        }
    }
}
