package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/cpu_resctrl_groups: arch/x86/kernel/cpu/resctrl/rdtgroup.c {@code proc_resctrl_show}. */
final class ResctrlFile {
    private ResctrlFile() {}

    static void print(TaskView view, ProcText out) {
        view.requireAlive();
        Kernel kernel = view.kernel();
        if (!isMounted(kernel)) {
            out.put("res:\nmon:\n");
            return;
        }
        long closid = view.object().get("closid");
        long rmid = view.object().get("rmid");
        KObject head = kernel.at(kernel.address("rdt_all_groups"), "list_head");
        for (KObject group : Lists.list(head, "rdtgroup", "rdtgroup_list")) {
            boolean counted = is(group, "RDT_MODE_SHAREABLE") || is(group, "RDT_MODE_EXCLUSIVE");
            if (!counted || group.get("closid") != closid) {
                continue;
            }
            boolean isDefault = group.address() == kernel.address("rdtgroup_default");
            out.put("res:").put(isDefault ? "/" : "").put(group.ptr("kn").string("name", 256)).put("\nmon:");
            for (KObject monitor : Lists.list(group.at("mon.crdtgrp_list"), "rdtgroup", "mon.crdtgrp_list")) {
                if (monitor.get("mon.rmid") == rmid) {
                    out.put(monitor.ptr("kn").string("name", 256));
                    break;
                }
            }
            out.put('\n');
            return;
        }
    }

    /** The static key that mounting resctrl turns on, or the flag that replaced it. */
    private static boolean isMounted(Kernel kernel) {
        if (kernel.symbols().has("resctrl_mounted")) {
            return kernel.memory().u8(kernel.address("resctrl_mounted")) != 0;
        }
        return SchedFile.isKeyEnabled(kernel, "rdt_enable_key");
    }

    private static boolean is(KObject group, String mode) {
        var value = group.kernel().types().enumerator(mode);
        return value.isPresent() && group.get("mode") == value.getAsLong();
    }
}
