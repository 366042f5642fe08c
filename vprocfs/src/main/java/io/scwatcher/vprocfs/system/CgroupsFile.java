package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/**
 * /proc/cgroups (kernel/cgroup/cgroup-v1.c, {@code proc_cgroupstats_show}). Since 6.14 a controller without files in the
 * first version is left out, unless the kernel was told to show all.
 */
final class CgroupsFile implements SystemFile {
    private static final int MOST = 64;
    private static final int NAME_LIMIT = 64;

    @Override
    public void print(Kernel kernel, ProcText out) {
        Variables variables = new Variables(kernel);
        out.put("#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
        boolean hidesAbsent = variables.has("proc_show_all") && variables.u8("proc_show_all") == 0;
        long count = Math.min(MOST, variables.constant("CGROUP_SUBSYS_COUNT"));
        for (long i = 0; i < count; i++) {
            KObject controller = kernel.at(variables.u64At("cgroup_subsys", i), "cgroup_subsys");
            if (hidesAbsent && controller.get("legacy_cftypes") == 0 && controller.get("dfl_cftypes") != 0) {
                continue;
            }
            KObject root = controller.ptr("root");
            int enabled = (int) kernel.memory().u32(variables.u64At("cgroup_subsys_enabled_key", i));
            out.put(controller.string("legacy_name", NAME_LIMIT)).put('\t').dec(root.getInt("hierarchy_id"));
            out.put('\t').dec(root.getInt("nr_cgrps")).put('\t').dec(enabled > 0 ? 1 : 0).put('\n');
        }
    }
}
