package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/** The devices of the PCI bus, in the order of {@code for_each_pci_dev} (drivers/pci/search.c, drivers/base/bus.c). */
public final class PciDevices {
    private static final long KNODE_DEAD = 1;

    private PciDevices() {}

    /** All {@code struct pci_dev}. */
    public static List<KObject> all(Kernel kernel) {
        List<KObject> devices = new ArrayList<>();
        KObject bus = subsystem(kernel, kernel.object("pci_bus_type", "bus_type"));
        if (!bus.isNull()) {
            for (KObject node : Lists.list(bus.at("klist_devices.k_list"), "klist_node", "n_node")) {
                if ((node.get("n_klist") & KNODE_DEAD) == 0) {
                    devices.add(node.containerOf("device_private", "knode_bus").ptr("device")
                            .containerOf("pci_dev", "dev"));
                }
            }
        }
        return devices;
    }

    /** {@code bus_to_subsys}: a bus points to its private part up to 6.3; since 6.4 only the reverse. */
    private static KObject subsystem(Kernel kernel, KObject wanted) {
        if (wanted.has("p")) {
            return wanted.ptr("p");
        }
        KObject buses = new Variables(kernel).pointee("bus_kset", "kset");
        for (KObject entry : Lists.list(buses.at("list"), "kobject", "entry")) {
            KObject candidate = entry.containerOf("kset", "kobj").containerOf("subsys_private", "subsys");
            if (candidate.get("bus") == wanted.address()) {
                return candidate;
            }
        }
        return kernel.at(0, "subsys_private");
    }
}
