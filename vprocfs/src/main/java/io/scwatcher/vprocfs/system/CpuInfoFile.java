package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.CpuFrequency;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.system.X86Cpus;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;
import java.util.List;

/** /proc/cpuinfo of x86-64 (arch/x86/kernel/cpu/proc.c, {@code show_cpuinfo}). */
final class CpuInfoFile implements SystemFile {
    /** Feature bits of asm/cpufeatures.h that decide about lines. */
    private static final int TSC = 4;
    private static final int VMX = 4 * 32 + 5;

    @Override
    public void print(Kernel kernel, ProcText out) {
        X86Cpus cpus = new X86Cpus(kernel);
        CpuFrequency frequency = new CpuFrequency(kernel);
        int hz = Timekeeping.hz(kernel);
        for (int cpu : kernel.onlineCpus()) {
            KObject info = cpus.info(cpu);
            printModel(info, out);
            if (cpus.has(info, TSC)) {
                long kilohertz = frequency.kilohertz(cpu, cpus);
                out.put("cpu MHz\t\t: ").unsigned(kilohertz / 1000).put('.').zeroPadded(kilohertz % 1000, 3).put('\n');
            }
            if (info.get("x86_cache_size") != 0) {
                out.put("cache size\t: ").unsigned(info.get("x86_cache_size")).put(" KB\n");
            }
            printTopology(cpus, info, cpu, out);
            printFlags(cpus, info, out);
            printCharacteristics(cpus, info, hz, out);
        }
    }

    private static void printModel(KObject info, ProcText out) {
        out.put("processor\t: ").unsigned(info.get("cpu_index"));
        out.put("\nvendor_id\t: ").put(orUnknown(info.string("x86_vendor_id", 16)));
        out.put("\ncpu family\t: ").dec(info.get("x86"));
        out.put("\nmodel\t\t: ").unsigned(info.get("x86_model"));
        out.put("\nmodel name\t: ").put(orUnknown(info.string("x86_model_id", 64)));
        boolean hasStepping = info.get("x86_stepping") != 0 || info.get("cpuid_level") >= 0;
        out.put("\nstepping\t: ").put(hasStepping ? Long.toString(info.get("x86_stepping")) : "unknown").put('\n');
        if (info.get("microcode") != 0) {
            out.put("microcode\t: 0x").hex(info.get("microcode")).put('\n');
        }
    }

    /** Since 6.7 in {@code topo}. */
    private static void printTopology(X86Cpus cpus, KObject info, int cpu, ProcText out) {
        boolean isNew = info.has("topo.pkg_id");
        out.put("physical id\t: ").dec(info.getInt(isNew ? "topo.pkg_id" : "phys_proc_id"));
        out.put("\nsiblings\t: ").dec(cpus.siblings(cpu));
        out.put("\ncore id\t\t: ").dec(info.getInt(isNew ? "topo.core_id" : "cpu_core_id"));
        out.put("\ncpu cores\t: ").dec(info.getInt("booted_cores"));
        out.put("\napicid\t\t: ").dec(info.getInt(isNew ? "topo.apicid" : "apicid"));
        out.put("\ninitial apicid\t: ").dec(info.getInt(isNew ? "topo.initial_apicid" : "initial_apicid"));
        out.put("\nfpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: ").dec(info.get("cpuid_level"));
        out.put("\nwp\t\t: yes\n");
    }

    private static void printFlags(X86Cpus cpus, KObject info, ProcText out) {
        printNames("flags\t\t:", cpus.features(info), out);
        if (cpus.has(info, VMX) && info.has("vmx_capability") && info.at("vmx_capability").index(0).value() != 0) {
            printNames("\nvmx flags\t:", cpus.virtualization(info), out);
        }
        printNames("\nbugs\t\t:", cpus.bugs(info), out);
    }

    private static void printCharacteristics(X86Cpus cpus, KObject info, int hz, ProcText out) {
        long loops = info.get("loops_per_jiffy");
        out.put("\nbogomips\t: ").unsigned(loops / (500_000 / hz));
        out.put('.').zeroPadded(loops / (5000 / hz) % 100, 2).put('\n');
        if (info.get("x86_tlbsize") > 0) {
            out.put("TLB size\t: ").dec(info.get("x86_tlbsize")).put(" 4K pages\n");
        }
        out.put("clflush size\t: ").unsigned(info.get("x86_clflush_size"));
        out.put("\ncache_alignment\t: ").dec(info.get("x86_cache_alignment"));
        out.put("\naddress sizes\t: ").unsigned(info.get("x86_phys_bits")).put(" bits physical, ");
        out.unsigned(info.get("x86_virt_bits")).put(" bits virtual\npower management:");
        long power = info.get("x86_power");
        for (int bit = 0; bit < 32; bit++) {
            if ((power >>> bit & 1) != 0) {
                String name = cpus.powerName(bit);
                out.put(name == null ? " [" + bit + "]" : name.isEmpty() ? "" : " " + name);
            }
        }
        out.put("\n\n");
    }

    private static void printNames(String label, List<String> names, ProcText out) {
        out.put(label);
        for (String name : names) {
            out.put(' ').put(name);
        }
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? "unknown" : text;
    }
}
