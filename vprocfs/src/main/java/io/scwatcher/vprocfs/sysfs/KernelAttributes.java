package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.KernfsNode;
import io.scwatcher.kernel.system.HugePages;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.DevicePrinter;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.Printer;
import java.util.Locale;
import java.util.Map;

/** What is told of the kernel below /sys/kernel (kernel/ksysfs.c, mm/huge_memory.c, mm/hugetlb.c), and of the firmware in /sys/class/dmi. */
final class KernelAttributes {
    private static final int LONGEST = 256;
    private static final String[] DEFRAG = {"always", "defer", "defer+madvise", "madvise", "never"};

    private KernelAttributes() {}

    static void enter(Map<String, DevicePrinter> devices, Map<String, Printer> paths) {
        for (String file : new String[] {"profiling:prof_on", "fscaps:file_caps_enabled", "rcu_expedited:rcu_expedited", "rcu_normal:rcu_normal"}) {
            String[] words = file.split(":");
            paths.put("kernel/" + words[0], (of, out) -> out.dec(variables(of).s32(words[1])).put('\n'));
        }
        paths.put("kernel/uevent_seqnum", (of, out) -> out.unsigned(variables(of).u64("uevent_seqnum")).put('\n'));
        paths.put("kernel/kexec_loaded", (of, out) -> out.put(variables(of).u64("kexec_image") != 0 ? "1\n" : "0\n"));
        paths.put("kernel/kexec_crash_loaded", (of, out) -> out.put(variables(of).u64("kexec_crash_image") != 0 ? "1\n" : "0\n"));
        paths.put("kernel/address_bits", (of, out) -> out.put("64\n"));
        paths.put("kernel/cpu_byteorder", (of, out) -> out.put("little\n"));
        paths.put("kernel/mm/transparent_hugepage/enabled", (of, out) -> printEnabled(of.object().kernel(), out));
        paths.put("kernel/mm/transparent_hugepage/defrag", (of, out) -> printDefragmentation(of.object().kernel(), out));
        paths.put("kernel/mm/transparent_hugepage/hpage_pmd_size", (of, out) -> out.unsigned(HugePages.PMD_PAGES * 4096).put('\n'));
        for (String file : new String[] {"nr_hugepages:nr_huge_pages", "free_hugepages:free_huge_pages", "resv_hugepages:resv_huge_pages",
            "surplus_hugepages:surplus_huge_pages", "nr_overcommit_hugepages:nr_overcommit_huge_pages"}) {
            String[] words = file.split(":");
            paths.put("kernel/mm/hugepages/*/" + words[0], (of, out) ->
                    out.unsigned(NodeAttributes.pool(of.object().kernel(), of.parent().name()).get(words[1])).put('\n'));
        }
        for (String name : new String[] {"bios_vendor", "bios_version", "bios_date", "bios_release", "ec_firmware_release", "sys_vendor", "product_name",
            "product_version", "product_serial", "product_uuid", "product_family", "product_sku", "board_vendor", "board_name", "board_version",
            "board_serial", "board_asset_tag", "chassis_vendor", "chassis_type", "chassis_version", "chassis_serial", "chassis_asset_tag"}) {
            devices.put("dmi:" + name, (device, path, out) -> out.put(firmware(device, name)).put('\n'));
        }
    }

    /** {@code dmi_get_system_info} (drivers/firmware/dmi_scan.c). */
    private static String firmware(KObject device, String name) {
        Variables variables = new Variables(device.kernel());
        long text = variables.u64At("dmi_ident", variables.constant("DMI_" + name.toUpperCase(Locale.ROOT)));
        return text == 0 ? "" : device.memory().string(text, LONGEST);
    }

    private static void printEnabled(Kernel kernel, ProcText out) {
        String chosen = hugeFlag(kernel, "TRANSPARENT_HUGEPAGE_FLAG") ? "always" : hugeFlag(kernel, "TRANSPARENT_HUGEPAGE_REQ_MADV_FLAG") ? "madvise" : "never";
        printChoice(out, chosen, "always", "madvise", "never");
    }

    private static void printDefragmentation(Kernel kernel, ProcText out) {
        String chosen = hugeFlag(kernel, "TRANSPARENT_HUGEPAGE_DEFRAG_DIRECT_FLAG") ? "always"
                : hugeFlag(kernel, "TRANSPARENT_HUGEPAGE_DEFRAG_KSWAPD_FLAG") ? "defer"
                : hugeFlag(kernel, "TRANSPARENT_HUGEPAGE_DEFRAG_KSWAPD_OR_MADV_FLAG") ? "defer+madvise"
                : hugeFlag(kernel, "TRANSPARENT_HUGEPAGE_DEFRAG_REQ_MADV_FLAG") ? "madvise" : "never";
        printChoice(out, chosen, DEFRAG);
    }

    private static void printChoice(ProcText out, String chosen, String... all) {
        for (int i = 0; i < all.length; i++) {
            out.put(i == 0 ? "" : " ").put(all[i].equals(chosen) ? "[" + all[i] + "]" : all[i]);
        }
        out.put('\n');
    }

    private static boolean hugeFlag(Kernel kernel, String flag) {
        return (new Variables(kernel).u64("transparent_hugepage_flags") >>> new Variables(kernel).constant(flag) & 1) != 0;
    }

    private static Variables variables(KernfsNode file) {
        return new Variables(file.object().kernel());
    }
}
