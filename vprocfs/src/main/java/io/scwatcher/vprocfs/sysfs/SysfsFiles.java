package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.KernfsNode;
import io.scwatcher.vprocfs.ProcText;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What the files of sysfs say: tables by the subsystem of the device that a file belongs to and its path below the device, as
 * Documentation/ABI/testing names them, and by the whole path for what belongs to no device. A star stands for any one name.
 */
final class SysfsFiles implements KernfsDirectory.Printers {
    private static final Pattern PARAMETER = Pattern.compile("module/[^/]+/parameters/[^/]+");
    private static final int DEEPEST = 64;
    private static final int LONGEST_NAME = 64;

    /** Prints an attribute of a device ({@code struct device}). */
    @FunctionalInterface
    interface DevicePrinter {
        /** @param path below the device */
        void print(KObject device, String path, ProcText out);
    }

    /** Prints an attribute that belongs to no device. */
    @FunctionalInterface
    interface Printer {
        void print(KernfsNode file, ProcText out);
    }

    private static final Map<String, DevicePrinter> DEVICES = new HashMap<>();
    private static final Map<String, Printer> PATHS = new HashMap<>();

    static {
        DeviceAttributes.enter(DEVICES);
        NetAttributes.enter(DEVICES);
        BlockAttributes.enter(DEVICES);
        CpuAttributes.enter(DEVICES, PATHS);
        NodeAttributes.enter(DEVICES, PATHS);
        ModuleAttributes.enter(PATHS);
        KernelAttributes.enter(DEVICES, PATHS);
    }

    private final Kernel kernel;

    SysfsFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Consumer<ProcText> of(KernfsNode file) {
        String path = "";
        KernfsNode at = file;
        for (int up = 0; up < DEEPEST && at.parent() != null; up++) {
            path = path.isEmpty() ? at.name() : at.name() + "/" + path;
            at = at.parent();
            KObject device = device(at);
            if (device != null) {
                String below = path;
                DevicePrinter printer = find(DEVICES, subsystem(device) + ":" + below);
                DevicePrinter usual = printer != null ? printer : find(DEVICES, "*:" + below);
                if (usual != null) {
                    return out -> usual.print(device, below, out);
                }
            }
        }
        Printer printer = PARAMETER.matcher(path).matches() ? ModuleAttributes.parameter(file) : find(PATHS, path);
        return printer == null ? null : out -> printer.print(file, out);
    }

    /** The device whose directory this is; null if it is none. */
    private KObject device(KernfsNode directory) {
        if (directory.data() == 0) {
            return null;
        }
        KObject kobject = kernel.at(directory.data(), "kobject");
        boolean isDevice = kobject.get("sd") == directory.object().address() && kobject.get("ktype") == kernel.address("device_ktype");
        return isDevice ? kobject.containerOf("device", "kobj") : null;
    }

    /** The class or the bus that a device belongs to; "" if neither. */
    private static String subsystem(KObject device) {
        KObject group = device.get("class") != 0 ? device.ptr("class") : device.ptr("bus");
        return group.isNull() ? "" : group.string("name", LONGEST_NAME);
    }

    /** What a table has for a path, or for it with a star for one of its names. */
    private static <T> T find(Map<String, T> table, String path) {
        T exact = table.get(path);
        if (exact != null) {
            return exact;
        }
        for (int start = path.indexOf(':') + 1; start >= 0 && start < path.length(); ) {
            int end = path.indexOf('/', start);
            T found = table.get(path.substring(0, start) + "*" + (end < 0 ? "" : path.substring(end)));
            if (found != null) {
                return found;
            }
            start = end < 0 ? -1 : end + 1;
        }
        return null;
    }
}
