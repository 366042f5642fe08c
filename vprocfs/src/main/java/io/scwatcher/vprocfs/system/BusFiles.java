package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.PciDevices;
import io.scwatcher.vprocfs.ProcText;

/** /proc/bus/pci/devices (drivers/pci/proc.c, {@code show_device}). */
final class BusFiles {
    private static final int NAME_LIMIT = 128;
    /** {@code PCI_ROM_RESOURCE}: six base address registers and the ROM. */
    private static final int RESOURCES = 7;
    private static final int PCI_REGION_FLAG_MASK = 0xf;

    private BusFiles() {}

    static void printPciDevices(Kernel kernel, ProcText out) {
        for (KObject device : PciDevices.all(kernel)) {
            out.hex(device.ptr("bus").get("number"), 2).hex(device.get("devfn") & 0xff, 2).put('\t');
            out.hex(device.get("vendor"), 4).hex(device.get("device"), 4).put('\t').hex(device.get("irq"));
            for (int i = 0; i < RESOURCES; i++) {
                KObject resource = device.at("resource").index(i);
                long start = resource.get("start") | resource.get("flags") & PCI_REGION_FLAG_MASK;
                out.put('\t').right(Long.toHexString(start), 16);
            }
            for (int i = 0; i < RESOURCES; i++) {
                KObject resource = device.at("resource").index(i);
                long size = Long.compareUnsigned(resource.get("start"), resource.get("end")) < 0
                        ? resource.get("end") - resource.get("start") + 1 : 0;
                out.put('\t').right(Long.toHexString(size), 16);
            }
            KObject driver = device.ptr(device.has("driver") ? "driver" : "dev.driver");
            out.put('\t').put(driver.isNull() ? "" : driver.string("name", NAME_LIMIT)).put('\n');
        }
    }
}
