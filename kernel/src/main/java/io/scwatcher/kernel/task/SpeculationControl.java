package io.scwatcher.kernel.task;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.type.CType;

/**
 * Whether a task may speculate: {@code arch_prctl_spec_ctrl_get} (arch/x86/kernel/cpu/bugs.c, 4.17 and later). The words
 * are those of /proc/PID/status.
 */
public final class SpeculationControl {
    private static final int SSB_DISABLE = 3;
    private static final int SSB_FORCE_DISABLE = 4;
    private static final int IB_DISABLE = 5;
    private static final int IB_FORCE_DISABLE = 6;
    private static final int SSB_NOEXEC = 7;
    private static final int LONGEST_NAME = 64;

    private SpeculationControl() {}

    /** After "Speculation_Store_Bypass:". */
    public static String storeBypass(Task task) {
        Kernel kernel = task.kernel();
        if (!kernel.symbols().has("ssb_mode")) {
            return "unknown";
        }
        long mode = variable(kernel, "ssb_mode");
        if (mode == enumerator(kernel, "SPEC_STORE_BYPASS_DISABLE")) {
            return "globally mitigated";
        }
        if (mode == enumerator(kernel, "SPEC_STORE_BYPASS_NONE")) {
            return cpuHasBug(kernel, "spec_store_bypass") ? "vulnerable" : "not vulnerable";
        }
        if (flag(task, SSB_FORCE_DISABLE)) {
            return "thread force mitigated";
        }
        if (flag(task, SSB_NOEXEC)) {
            return "vulnerable";
        }
        return flag(task, SSB_DISABLE) ? "thread mitigated" : "thread vulnerable";
    }

    /** After "SpeculationIndirectBranch:". */
    public static String indirectBranch(Task task) {
        Kernel kernel = task.kernel();
        if (!kernel.symbols().has("spectre_v2_user_ibpb")) {
            return "unsupported";
        }
        if (!cpuHasBug(kernel, "spectre_v2")) {
            return "not affected";
        }
        long ibpb = variable(kernel, "spectre_v2_user_ibpb");
        long stibp = variable(kernel, "spectre_v2_user_stibp");
        long none = enumerator(kernel, "SPECTRE_V2_USER_NONE");
        if (ibpb == none && stibp == none) {
            return "always enabled";
        }
        if (isUserControlled(kernel, ibpb) || isUserControlled(kernel, stibp)) {
            if (flag(task, IB_FORCE_DISABLE)) {
                return "conditional force disabled";
            }
            return flag(task, IB_DISABLE) ? "conditional disabled" : "conditional enabled";
        }
        long strict = enumerator(kernel, "SPECTRE_V2_USER_STRICT");
        boolean always = ibpb == strict || stibp == strict
                || stibp == enumerator(kernel, "SPECTRE_V2_USER_STRICT_PREFERRED");
        return always ? "always disabled" : "not affected";
    }

    private static boolean isUserControlled(Kernel kernel, long mode) {
        return mode == enumerator(kernel, "SPECTRE_V2_USER_PRCTL") || mode == enumerator(kernel, "SPECTRE_V2_USER_SECCOMP");
    }

    private static boolean flag(Task task, int bit) {
        return (task.get("atomic_flags") >> bit & 1) != 0;
    }

    private static long variable(Kernel kernel, String symbol) {
        return kernel.memory().u32(kernel.address(symbol));
    }

    private static long enumerator(Kernel kernel, String name) {
        return kernel.types().enumerator(name).orElse(-1);
    }

    /** {@code boot_cpu_has_bug}: bugs are numbered after the features, in the order of their names. */
    private static boolean cpuHasBug(Kernel kernel, String name) {
        return KernelTraits.remember(kernel, "bug", name, () -> readBug(kernel, name));
    }

    private static boolean readBug(Kernel kernel, String name) {
        if (!kernel.symbols().has("x86_bug_flags")) {
            return false;
        }
        KObject capability = kernel.object("boot_cpu_data", "cpuinfo_x86").at("x86_capability");
        int words = ((CType.Array) capability.type()).length();
        long names = kernel.address("x86_bug_flags");
        int bugs = 0;
        int found = -1;
        for (; bugs < words * Integer.SIZE && belongs(kernel, names + bugs * 8L, names); bugs++) {
            long text = kernel.memory().u64(names + bugs * 8L);
            if (found < 0 && text != 0 && kernel.memory().isMapped(text)
                    && kernel.memory().string(text, LONGEST_NAME).equals(name)) {
                found = bugs;
            }
        }
        int bugWords = bugs / Integer.SIZE;
        return found >= 0
                && (capability.index(words - bugWords + found / Integer.SIZE).value() >> found % Integer.SIZE & 1) != 0;
    }

    private static boolean belongs(Kernel kernel, long address, long symbol) {
        var owner = kernel.symbols().containing(address);
        return owner != null && owner.address() == symbol;
    }
}
