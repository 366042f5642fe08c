package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/** The driver core's classes of devices (drivers/base/class.c). */
public final class DeviceClasses {
    /** {@code KNODE_DEAD}: the lowest bit of {@code n_klist} (lib/klist.c). */
    private static final long KNODE_DEAD = 1;

    private DeviceClasses() {}

    /**
     * The devices ({@code struct device}) of a class, in the order of registration.
     *
     * @param variable the {@code struct class}
     */
    public static List<KObject> devices(Kernel kernel, String variable) {
        KObject subsystem = subsystem(kernel, kernel.object(variable, "class"));
        List<KObject> devices = new ArrayList<>();
        if (!subsystem.isNull()) {
            for (KObject node : Lists.list(subsystem.at("klist_devices.k_list"), "klist_node", "n_node")) {
                if ((node.get("n_klist") & KNODE_DEAD) == 0) {
                    devices.add(node.containerOf("device_private", "knode_class").ptr("device"));
                }
            }
        }
        return devices;
    }

    /** {@code class_to_subsys}: a class points to its private part up to 6.3; since 6.4 only the reverse. */
    private static KObject subsystem(Kernel kernel, KObject wanted) {
        if (wanted.has("p")) {
            return wanted.ptr("p");
        }
        KObject classes = new Variables(kernel).pointee("class_kset", "kset");
        for (KObject entry : Lists.list(classes.at("list"), "kobject", "entry")) {
            KObject candidate = entry.containerOf("kset", "kobj").containerOf("subsys_private", "subsys");
            if (candidate.get("class") == wanted.address()) {
                return candidate;
            }
        }
        return kernel.at(0, "subsys_private");
    }
}
