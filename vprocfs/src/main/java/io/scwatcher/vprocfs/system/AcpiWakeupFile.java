package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/acpi/wakeup (drivers/acpi/proc.c, {@code acpi_system_wakeup_device_seq_show}). */
final class AcpiWakeupFile implements SystemFile {
    private static final int NAME_LIMIT = 128;

    @Override
    public void print(Kernel kernel, ProcText out) {
        out.put("Device\tS-state\t  Status   Sysfs node\n");
        KObject head = kernel.object("acpi_wakeup_device_list", "list_head");
        for (KObject device : Lists.list(head, "acpi_device", "wakeup_list")) {
            if (device.get("wakeup.flags.valid") == 0) {
                continue;
            }
            out.put(device.string("pnp.bus_id", 8)).put("\t  S").dec(device.getInt("wakeup.sleep_state")).put('\t');
            if (device.get("physical_node_count") == 0) {
                printStatus(device, device.at("dev"), out);
                out.put('\n');
            } else {
                printNodes(device, out);
            }
        }
    }

    private static void printNodes(KObject device, ProcText out) {
        boolean isFirst = true;
        for (KObject node : Lists.list(device.at("physical_node_list"), "acpi_device_physical_node", "node")) {
            KObject physical = node.ptr("dev");
            if (physical.isNull()) {
                continue;
            }
            out.put(isFirst ? "" : "\t\t");
            isFirst = false;
            printStatus(device, physical, out);
            KObject bus = physical.ptr("bus");
            String name = physical.get("init_name") != 0 ? physical.string("init_name", NAME_LIMIT)
                    : physical.string("kobj.name", NAME_LIMIT);
            out.put("  ").put(bus.isNull() ? "no-bus" : bus.string("name", NAME_LIMIT)).put(':').put(name).put('\n');
        }
    }

    private static void printStatus(KObject device, KObject other, ProcText out) {
        out.put('*').left(mayWake(device.at("dev")) || mayWake(other) ? "enabled" : "disabled", 8);
    }

    /** {@code device_may_wakeup}. */
    private static boolean mayWake(KObject device) {
        return device.get("power.can_wakeup") != 0 && device.get("power.wakeup") != 0;
    }
}
