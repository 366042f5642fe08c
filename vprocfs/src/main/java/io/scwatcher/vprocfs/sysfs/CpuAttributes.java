package io.scwatcher.vprocfs.sysfs;

import static java.util.Map.entry;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.CpuMasks;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.system.X86Cpus;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.DevicePrinter;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.Printer;
import java.util.Arrays;
import java.util.Map;

/** What is told of processors below /sys/devices/system/cpu (drivers/base/cpu.c, topology.c, cacheinfo.c; arch/x86/include/asm/topology.h). */
final class CpuAttributes {
    private static final String ALL = "devices/system/cpu/";
    private static final int CACHE_WRITE_THROUGH = 1;
    private static final int CACHE_WRITE_BACK = 1 << 1;
    private static final int CACHE_READ_ALLOCATE = 1 << 2;
    private static final int CACHE_WRITE_ALLOCATE = 1 << 3;
    private static final int MOST_CACHES = 64;
    /** Files of the directory vulnerabilities, and what /proc/cpuinfo calls the bug. */
    private static final Map<String, String> VULNERABILITIES = Map.ofEntries(entry("meltdown", "cpu_meltdown"), entry("spectre_v1", "spectre_v1"),
            entry("spectre_v2", "spectre_v2"), entry("spec_store_bypass", "spec_store_bypass"), entry("l1tf", "l1tf"), entry("mds", "mds"),
            entry("tsx_async_abort", "taa"), entry("itlb_multihit", "itlb_multihit"), entry("srbds", "srbds"), entry("mmio_stale_data", "mmio_stale_data"),
            entry("retbleed", "retbleed"), entry("spec_rstack_overflow", "srso"), entry("gather_data_sampling", "gds"),
            entry("reg_file_data_sampling", "rfds"), entry("indirect_target_selection", "its"), entry("tsa", "tsa"), entry("vmscape", "vmscape"),
            entry("ghostwrite", "ghostwrite"), entry("old_microcode", "old_microcode"));

    private CpuAttributes() {}

    static void enter(Map<String, DevicePrinter> devices, Map<String, Printer> paths) {
        for (String mask : new String[] {"online", "possible", "present"}) {
            paths.put(ALL + mask, (file, out) -> {
                Kernel kernel = file.object().kernel();
                out.put(CpuMasks.list(CpuMasks.of(kernel, kernel.address("__cpu_" + mask + "_mask")))).put('\n');
            });
        }
        paths.put(ALL + "offline", (file, out) -> printOffline(file.object().kernel(), out));
        paths.put(ALL + "kernel_max", (file, out) -> out.dec(file.object().kernel().types().struct("cpumask").size() * 8L - 1).put('\n'));
        VULNERABILITIES.forEach((file, bug) -> paths.put(ALL + "vulnerabilities/" + file, (node, out) -> printVulnerability(node.object().kernel(), bug, out)));
        devices.put("cpu:online", (cpu, path, out) -> out.put(cpu.get("offline") == 0 ? "1\n" : "0\n"));
        id(devices, "physical_package_id", "topo.pkg_id", "phys_proc_id");
        id(devices, "core_id", "topo.core_id", "cpu_core_id");
        id(devices, "die_id", "topo.die_id", "cpu_die_id");
        siblings(devices, "thread_siblings", "cpu_sibling_map", "thread_siblings_list");
        siblings(devices, "core_cpus", "cpu_sibling_map", "core_cpus_list");
        siblings(devices, "core_siblings", "cpu_core_map", "core_siblings_list");
        siblings(devices, "package_cpus", "cpu_core_map", "package_cpus_list");
        siblings(devices, "die_cpus", "cpu_die_map", "die_cpus_list");
        siblings(devices, "cluster_cpus", "cpu_l2c_shared_map", "cluster_cpus_list");
        for (String member : new String[] {"id", "level", "coherency_line_size", "number_of_sets", "ways_of_associativity", "physical_line_partition"}) {
            devices.put("cpu:cache/*/" + member, (cpu, path, out) -> out.unsigned(cache(cpu, path).get(member)).put('\n'));
        }
        devices.put("cpu:cache/*/size", (cpu, path, out) -> out.unsigned(cache(cpu, path).get("size") >>> 10).put("K\n"));
        devices.put("cpu:cache/*/type", (cpu, path, out) -> out.put(cacheType(cache(cpu, path).getInt("type"))).put('\n'));
        devices.put("cpu:cache/*/shared_cpu_map", (cpu, path, out) -> out.put(CpuMasks.hex(cpu.kernel(), sharing(cpu, path))).put('\n'));
        devices.put("cpu:cache/*/shared_cpu_list", (cpu, path, out) -> out.put(CpuMasks.list(sharing(cpu, path))).put('\n'));
        devices.put("cpu:cache/*/write_policy", (cpu, path, out) -> {
            long attributes = cache(cpu, path).get("attributes");
            out.put((attributes & CACHE_WRITE_THROUGH) != 0 ? "WriteThrough\n" : (attributes & CACHE_WRITE_BACK) != 0 ? "WriteBack\n" : "");
        });
        devices.put("cpu:cache/*/allocation_policy", (cpu, path, out) -> {
            boolean read = (cache(cpu, path).get("attributes") & CACHE_READ_ALLOCATE) != 0;
            boolean write = (cache(cpu, path).get("attributes") & CACHE_WRITE_ALLOCATE) != 0;
            out.put(read || write ? (read ? "Read" : "") + (write ? "Write" : "") + "Allocate\n" : "");
        });
    }

    /** {@code cpu_show_common} (arch/x86/kernel/cpu/bugs.c), as far as the processor has not the bug: how it is mitigated is known to the code alone. */
    private static void printVulnerability(Kernel kernel, String bug, ProcText out) {
        X86Cpus cpus = new X86Cpus(kernel);
        if (cpus.bugs(kernel.object("boot_cpu_data", "cpuinfo_x86")).contains(bug)) {
            throw new VfsException(Errno.EOPNOTSUPP);
        }
        out.put("Not affected\n");
    }

    private static void printOffline(Kernel kernel, ProcText out) {
        int[] online = kernel.onlineCpus();
        int[] offline = Arrays.stream(kernel.possibleCpus()).filter(cpu -> Arrays.binarySearch(online, cpu) < 0).toArray();
        out.put(CpuMasks.list(offline));
        // Numbers that the kernel was not built for, or not started for ("nr_cpus=").
        Variables variables = new Variables(kernel);
        long ids = variables.has("nr_cpu_ids") ? variables.u32("nr_cpu_ids") : kernel.possibleCpus().length;
        long total = variables.has("total_cpus") ? variables.u32("total_cpus") : ids;
        if (ids < total) {
            out.put(offline.length == 0 ? "" : ",").unsigned(ids);
            if (ids < total - 1) {
                out.put('-').unsigned(total - 1);
            }
        }
        out.put('\n');
    }

    /** Numbers of a processor's place: in {@code topo} since 6.7. */
    private static void id(Map<String, DevicePrinter> table, String file, String member, String old) {
        table.put("cpu:topology/" + file, (cpu, path, out) -> {
            KObject info = new X86Cpus(cpu.kernel()).info(cpu.getInt("id"));
            out.dec(info.getInt(info.has(member) ? member : old)).put('\n');
        });
    }

    private static void siblings(Map<String, DevicePrinter> table, String file, String variable, String list) {
        table.put("cpu:topology/" + file, (cpu, path, out) -> {
            int[] cpus = CpuMasks.ofVariable(cpu.kernel(), variable, cpu.getInt("id"));
            out.put(CpuMasks.hex(cpu.kernel(), cpus)).put('\n');
        });
        table.put("cpu:topology/" + list, (cpu, path, out) ->
                out.put(CpuMasks.list(CpuMasks.ofVariable(cpu.kernel(), variable, cpu.getInt("id")))).put('\n'));
    }

    /** @param path {@code cache/indexN/...} */
    private static KObject cache(KObject cpu, String path) {
        String number = path.split("/")[1].substring("index".length());
        KObject all = new Variables(cpu.kernel()).perCpu("ci_cpu_cacheinfo", "cpu_cacheinfo", cpu.getInt("id"));
        int index = Integer.parseInt(number);
        if (index < 0 || index >= Math.min(MOST_CACHES, all.get("num_leaves")) || all.get("info_list") == 0) {
            throw new VfsException(Errno.EIO);
        }
        return all.ptr("info_list").index(index);
    }

    private static int[] sharing(KObject cpu, String path) {
        return CpuMasks.of(cpu.kernel(), cache(cpu, path).at("shared_cpu_map").address());
    }

    /** {@code enum cache_type}. */
    private static String cacheType(int type) {
        return switch (type) {
            case 1 -> "Instruction";
            case 2 -> "Data";
            case 4 -> "Unified";
            default -> throw new VfsException(Errno.EINVAL);
        };
    }
}
