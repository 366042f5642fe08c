package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.CType;
import java.util.ArrayList;
import java.util.List;

/** What the kernel knows of its x86 CPUs: per-CPU {@code cpu_info} (arch/x86/kernel/cpu). */
public final class X86Cpus {
    private static final int BITS = 32;
    private static final int NAME_LIMIT = 64;
    private static final int MOST_WORDS = 64;

    private final Kernel kernel;
    private final Variables variables;
    private final int capabilityWords;

    public X86Cpus(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
        this.capabilityWords = countCapabilityWords();
    }

    /** One CPU's {@code struct cpuinfo_x86}. */
    public KObject info(int cpu) {
        return variables.perCpu("cpu_info", "cpuinfo_x86", cpu);
    }

    /** {@code cpu_has}: bit {@code feature} of {@code x86_capability}. */
    public boolean has(KObject info, int feature) {
        return isSet(info.at("x86_capability"), feature);
    }

    /** The names of the features that the CPU has, by number; features without a name are not shown. */
    public List<String> features(KObject info) {
        return names(info.at("x86_capability"), 0, capabilityWords * BITS, "x86_cap_flags");
    }

    /** The names of the bugs that the CPU has: their bits follow those of the features. */
    public List<String> bugs(KObject info) {
        KObject words = info.at("x86_capability");
        int all = words.type() instanceof CType.Array array ? Math.min(MOST_WORDS, array.length()) : capabilityWords;
        return names(words, capabilityWords * BITS, (all - capabilityWords) * BITS, "x86_bug_flags");
    }

    /** The names of what virtual machine extensions there are; empty where there are none. */
    public List<String> virtualization(KObject info) {
        if (!info.has("vmx_capability") || !variables.has("x86_vmx_flags")) {
            return List.of();
        }
        KObject words = info.at("vmx_capability");
        int count = words.type() instanceof CType.Array array ? Math.min(MOST_WORDS, array.length()) : 0;
        return words.index(0).value() == 0 ? List.of() : names(words, 0, count * BITS, "x86_vmx_flags");
    }

    /** {@code x86_power_flags[bit]}, or null. */
    public String powerName(int bit) {
        long size = variables.sizeOfVariable("x86_power_flags") / Long.BYTES;
        return bit < size ? name("x86_power_flags", bit) : null;
    }

    /** How many CPUs share this one's core package: {@code cpumask_weight(topology_core_cpumask(cpu))}. */
    public int siblings(int cpu) {
        return CpuMasks.ofVariable(kernel, "cpu_core_map", cpu).length;
    }

    private List<String> names(KObject words, int firstBit, int count, String table) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < count; bit++) {
            String name = isSet(words, firstBit + bit) ? name(table, bit) : null;
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private String name(String table, int index) {
        long pointer = variables.u64At(table, index);
        return pointer == 0 ? null : kernel.memory().string(pointer, NAME_LIMIT);
    }

    private static boolean isSet(KObject words, int bit) {
        return (words.index(bit / BITS).value() >>> bit % BITS & 1) != 0;
    }

    /** {@code NCAPINTS} is a macro; {@code enum cpuid_leafs} numbers the words one by one. */
    private int countCapabilityWords() {
        int count = 0;
        while (count < MOST_WORDS) {
            String leaf = kernel.types().enumeratorName("cpuid_leafs", count);
            if (leaf == null || leaf.startsWith("NR_")) {
                break;
            }
            count++;
        }
        return count;
    }
}
