package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.system.FunctionNames;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.DevicePrinter;
import java.util.Map;

/** What devices of any kind say (drivers/base/core.c), and those on the PCI and virtio buses (drivers/pci/pci-sysfs.c, drivers/virtio/virtio.c). */
final class DeviceAttributes {
    private static final int LONGEST = 256;
    private static final int MINOR_BITS = 20;

    private DeviceAttributes() {}

    static void enter(Map<String, DevicePrinter> table) {
        table.put("*:dev", (device, path, out) -> out.unsigned(major(device)).put(':').unsigned(minor(device)).put('\n'));
        table.put("*:uevent", (device, path, out) -> printEvent(device, out));
        for (String member : new String[] {"vendor", "device", "subsystem_vendor", "subsystem_device"}) {
            table.put("pci:" + member, (device, path, out) -> out.put("0x").hex(pci(device).get(path), 4).put('\n'));
        }
        table.put("pci:class", (device, path, out) -> out.put("0x").hex(pci(device).get("class"), 6).put('\n'));
        table.put("pci:revision", (device, path, out) -> out.put("0x").hex(pci(device).get("revision"), 2).put('\n'));
        table.put("pci:irq", (device, path, out) -> out.unsigned(pci(device).get("irq")).put('\n'));
        table.put("virtio:device", (device, path, out) -> out.put("0x").hex(virtio(device).get("id.device"), 4).put('\n'));
        table.put("virtio:vendor", (device, path, out) -> out.put("0x").hex(virtio(device).get("id.vendor"), 4).put('\n'));
    }

    /** {@code dev_name}. */
    static String name(KObject device) {
        return device.get("init_name") != 0 ? device.string("init_name", LONGEST) : device.string("kobj.name", LONGEST);
    }

    /** {@code dev_uevent}, with what the subsystems add that are known here; those of which the additions are not known say nothing. */
    private static void printEvent(KObject device, ProcText out) {
        if (device.get("bus") == 0 && device.get("class") == 0) {
            return;
        }
        boolean isBlock = device.get("class") != 0 && device.ptr("class").string("name", LONGEST).equals("block");
        KObject type = device.ptr("type");
        if (!isBlock && addsUnknown(device)) {
            throw new VfsException(Errno.EOPNOTSUPP);
        }
        if (major(device) != 0) {
            out.put("MAJOR=").unsigned(major(device)).put("\nMINOR=").unsigned(minor(device));
            out.put("\nDEVNAME=").put(name(device).replace('!', '/')).put('\n');
        }
        if (!type.isNull() && type.get("name") != 0) {
            out.put("DEVTYPE=").put(type.string("name", LONGEST)).put('\n');
        }
        if (device.get("driver") != 0) {
            out.put("DRIVER=").put(device.ptr("driver").string("name", LONGEST)).put('\n');
        }
        if (adds(device, "class", "dev_uevent").equals("netdev_uevent")) {
            KObject net = NetAttributes.of(device).device();
            out.put("INTERFACE=").put(net.string("name", 16)).put("\nIFINDEX=").dec(net.get("ifindex")).put('\n');
        } else if (isBlock) {
            BlockAttributes.printEvent(device, out);
        }
    }

    private static boolean addsUnknown(KObject device) {
        String byClass = adds(device, "class", "dev_uevent");
        String byNode = adds(device, "class", "devnode") + adds(device, "type", "devnode");
        boolean isNet = byClass.equals("netdev_uevent");
        return !adds(device, "bus", "uevent").isEmpty() || !adds(device, "type", "uevent").isEmpty() || !byClass.isEmpty() && !isNet
                || major(device) != 0 && !byNode.isEmpty();
    }

    /** The name of a subsystem's callback; "" if it has none. */
    private static String adds(KObject device, String group, String callback) {
        KObject owner = device.ptr(group);
        long function = owner.isNull() ? 0 : owner.get(callback);
        String name = function == 0 ? "" : new FunctionNames(device.kernel()).name(function);
        return function != 0 && name.isEmpty() ? "?" : name;
    }

    private static long major(KObject device) {
        return (device.get("devt") & 0xffff_ffffL) >>> MINOR_BITS;
    }

    private static long minor(KObject device) {
        return device.get("devt") & (1 << MINOR_BITS) - 1;
    }

    private static KObject pci(KObject device) {
        return device.containerOf("pci_dev", "dev");
    }

    private static KObject virtio(KObject device) {
        return device.containerOf("virtio_device", "dev");
    }
}
